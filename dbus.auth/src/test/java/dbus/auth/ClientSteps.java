package dbus.auth;

import java.util.Optional;

/// The other side of [ServerSteps].
record ClientSteps() implements ClientMechanism {
  @Override
  public String name() {
    return "STEPS";
  }

  @Override
  public Exchange start() {
    return new Exchange() {
      @Override
      public Step begin() {
        return new Continue(Optional.of(Payload.ofText("one")));
      }

      @Override
      public Step answer(Payload challenge) {
        return switch (challenge.text().orElse("")) {
          case "then?" -> new Finish(Optional.of(Payload.ofText("two")));
          case "and?" -> new Continue(Optional.of(Payload.ofText("so")));
          default -> new GiveUp("STEPS: not a challenge");
        };
      }
    };
  }
}
