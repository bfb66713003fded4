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
  FAIL_IF_FULL
}
