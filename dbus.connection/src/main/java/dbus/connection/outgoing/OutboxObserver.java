package dbus.connection.outgoing;

/// Is told what happens to an [Outbox]; by any thread, which holds no lock of it.
public interface OutboxObserver {

  /// Nothing more is written; told once.
  ///
  /// @param peerIsGone writing failed, as it does when the peer has left; what it sent before can
  ///   still be read
  void broken(Exception why, boolean peerIsGone);

  /// It was [full][Outbox#isFull()], and is no longer.
  void roomAgain();
}
