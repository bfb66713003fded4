package dbus.auth;

import java.util.Optional;

/// ANONYMOUS on the client. The trace is always sent: servers differ in what they do without one
/// (AUTH-51).
///
/// D-Bus Specification, "ANONYMOUS"; RFC 4505.
record AnonymousClient(String trace) implements ClientMechanism {
  static final String DEFAULT_TRACE = "dbus for Java";

  /// RFC 4505 has up to 255 characters in a trace.
  private static final int LONGEST_TRACE = 255;

  AnonymousClient {
    if (trace.isEmpty() || trace.length() > LONGEST_TRACE) {
      throw new IllegalArgumentException(
          "trace must have 1 to " + LONGEST_TRACE + " characters, not " + trace.length());
    }
  }

  @Override
  public String name() {
    return "ANONYMOUS";
  }

  @Override
  public Exchange start() {
    return new Exchange() {
      @Override
      public Step begin() {
        return new Finish(Optional.of(Payload.ofText(trace)));
      }

      @Override
      public Step answer(Payload challenge) {
        return new GiveUp(
            "ANONYMOUS: the server sent a challenge, which this mechanism does not have");
      }
    };
  }
}
