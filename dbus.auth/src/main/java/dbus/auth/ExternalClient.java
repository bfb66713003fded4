package dbus.auth;

import java.util.Optional;

/// EXTERNAL on the client: the decimal effective uid, or the SID on Windows, or nothing (AUTH-34).
///
/// D-Bus Specification, "EXTERNAL"; RFC 4422, appendix A.
record ExternalClient(Claim claim) implements ClientMechanism {

  /// What the client says about itself.
  enum Claim {
    OWN_USER,
    NONE
  }

  @Override
  public String name() {
    return "EXTERNAL";
  }

  @Override
  public Exchange start() {
    return new Exchange() {
      @Override
      public Step begin() {
        return switch (claim) {
          case OWN_USER -> claimOf(Credentials.ofThisProcess());
          case NONE -> new Continue(Optional.empty());
        };
      }

      @Override
      public Step answer(Payload challenge) {
        return challenge.isEmpty()
            ? new Finish(Optional.of(Payload.EMPTY))
            : new GiveUp(
                "EXTERNAL: the server sent a challenge, which this mechanism does not have");
      }
    };
  }

  static Step claimOf(Credentials own) {
    Optional<String> text =
        own.uid().isPresent() ? Optional.of(Long.toString(own.uid().getAsLong())) : own.sid();
    return text.<Step>map(it -> new Finish(Optional.of(Payload.ofText(it))))
        .orElseGet(() -> new GiveUp("EXTERNAL: the user of this process is unknown"));
  }
}
