package dbus.connection;

/// Which way a message goes, seen from this side.
public enum Direction {
  /// From the peer.
  INCOMING,
  /// To the peer.
  OUTGOING
}
