package dbus.connection.outgoing;

/// What becomes of a message where too much waits in the [Outbox] already.
public enum WhenFull {
  /// Its sender waits for room: back pressure reaches the application.
  WAIT,

  /// It is not sent; its sender gets an
  /// [OutgoingFullException][dbus.connection.OutgoingFullException].
  FAIL,

  /// The peer is given up: whoever sends to many must not wait for one.
  END,

  /// It is queued all the same. That is for the answers to calls, of which there can be no more
  /// than calls were let in: none begins while the outbox is full (`dbus.connection.delivery`).
  QUEUE
}
