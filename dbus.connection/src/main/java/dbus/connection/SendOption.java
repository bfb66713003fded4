package dbus.connection;

/// What is to be different when a message is sent.
public enum SendOption {
  /// The message keeps the serial that it has, instead of getting the next one. Who chooses serials
  /// must see to it that they do not confuse the peer: the connection itself goes on counting where
  /// it was.
  PRESERVE_SERIAL,

  /// The sender never waits for the peer: another thread writes the message. If more waits for the
  /// peer already than [ConnectionLimits#outgoingBytes()], sending fails at once with an
  /// [OutgoingFullException], and the connection goes on. This is for what is better left out than
  /// late, such as progress.
  ///
  /// The [Budget] of the peer's user is another limit: who exceeds that is disconnected, whatever
  /// the options. Where it is small, `outgoingBytes` is to be set well below it.
  FAIL_IF_FULL
}
