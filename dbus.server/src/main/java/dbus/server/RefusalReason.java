package dbus.server;

/// Why a server did not want a peer that did nothing wrong, or ended its handshake before its time.
public enum RefusalReason {
  /// There are [ServerLimits#connections()] already.
  TOO_MANY_CONNECTIONS,
  /// The user has [ServerLimits#connectionsPerUser()] already; how many that is for this server, it
  /// tells by [DBusServer#limits()].
  TOO_MANY_OF_USER,
  /// It was silent in its handshake, and others waited; see [ServerLimits].
  SILENT_WHILE_OTHERS_WAIT,
  /// No handler of new connections has claimed it.
  NOT_CLAIMED,
  /// A handler of new connections has thrown an exception.
  HANDLER_FAILED,
  /// It has shown a wrong nonce at a nonce-tcp address. One that shows none ends as a failed
  /// handshake.
  WRONG_NONCE,
  /// There was no thread, or no memory, to serve it.
  NO_RESOURCES,
  /// The server was stopped.
  STOPPED
}
