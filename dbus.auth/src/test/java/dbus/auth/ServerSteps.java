package dbus.auth;

import java.util.Optional;

/// A mechanism of two rounds, as DBUS_COOKIE_SHA1 is one, without secrets: the client says `one`,
/// is asked `then?` and says `two`.
record ServerSteps() implements ServerMechanism {
  @Override
  public String name() {
    return "STEPS";
  }

  @Override
  public Exchange start(Credentials socket) {
    return new Exchange() {
      private boolean one;

      @Override
      public Step respond(Optional<Payload> response) {
        if (response.isEmpty()) {
          return new Challenge(Payload.EMPTY);
        }
        String text = response.get().text().orElse("");
        if (!one && text.equals("one")) {
          one = true;
          return new Challenge(Payload.ofText("then?"));
        }
        return one && text.equals("two")
            ? new Accept(Optional.of(socket), Optional.empty())
            : new Reject("STEPS: wrong step");
      }
    };
  }
}
