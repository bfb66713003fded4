package dbus.server;

/// Where a server is in its life, which goes one way.
public enum ServerState {
  /// Its addresses are taken; peers that come wait to be accepted.
  BOUND,
  /// It accepts peers.
  ACTIVE,
  /// It accepts nobody any more, for good. Connections go on.
  STOPPED,
  /// All connections are closed as well.
  CLOSED
}
