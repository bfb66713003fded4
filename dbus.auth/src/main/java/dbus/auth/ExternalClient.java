package dbus.auth;

import java.util.Optional;
import java.util.function.Supplier;

/// EXTERNAL on the client: the decimal effective uid, or the SID on Windows, or nothing (AUTH-34).
///
/// D-Bus Specification, "EXTERNAL"; RFC 4422, appendix A.
final class ExternalClient implements ClientMechanism {
  /// Who to say that one is, looked up when the mechanism begins; empty to say nothing.
  private final Optional<Supplier<Credentials>> user;

  ExternalClient(Optional<Supplier<Credentials>> user) {
    this.user = user;
  }

  @Override
  public String name() {
    return "EXTERNAL";
  }

  @Override
  public String kind() {
    return user.isPresent() ? name() : name() + " without identity";
  }

  @Override
  public Exchange start() {
    return new Exchange() {
      @Override
      public Step begin() {
        return user.map(it -> claim(it.get())).orElseGet(() -> new Continue(Optional.empty()));
      }

      @Override
      public Step answer(Payload challenge) {
        return challenge.isEmpty()
            ? new Finish(Optional.of(Payload.EMPTY))
            : new GiveUp(
                kind() + ": the server sent a challenge, which this mechanism does not have");
      }
    };
  }

  private static Step claim(Credentials own) {
    Optional<String> text =
        own.uid().isPresent() ? Optional.of(Long.toString(own.uid().getAsLong())) : own.sid();
    return text.<Step>map(it -> new Finish(Optional.of(Payload.ofText(it))))
        .orElseGet(() -> new GiveUp("EXTERNAL: the own user is unknown"));
  }
}
