package dbus.connection;

/// Is told, once, why an [Outbox] can write nothing any more.
@FunctionalInterface
interface WhenBroken {

  /// Nothing more is written.
  ///
  /// @param peerIsGone writing failed, as it does when the peer has left; what it sent before can
  ///   still be read
  void broken(Exception why, boolean peerIsGone);
}
