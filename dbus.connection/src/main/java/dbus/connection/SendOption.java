package dbus.connection;

/// What is to be different when a message is sent.
public enum SendOption {
  /// The message keeps the serial that it has, instead of getting the next one. Who chooses serials
  /// must see to it that they do not confuse the peer: the connection itself goes on counting where
  /// it was.
  PRESERVE_SERIAL
}
