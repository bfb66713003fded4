package dbus.server;

import dbus.address.Address;
import dbus.auth.FailureReason;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;

/// Watches what happens at a server. It cannot change it: whom to let in is asked of an
/// [AuthObserver][dbus.auth.AuthObserver], and whom to serve of a handler of new connections.
///
/// Of each peer, [#accepted] is told first, then one of [#refused], [#authenticationFailed] and
/// [#authenticated]; after the last one, [#refused] or [#closed]. So each peer that was accepted
/// comes to one end.
///
/// The methods run on a thread of the library's, one at a time, in the order of what happened, and
/// soon after it; nothing waits for them. One that takes long holds up no peer, and the next is
/// told on another thread then, so that two may run at once. What they throw is logged, and changes
/// nothing.
public interface ServerListener {

  /// The server is in another state.
  default void stateChanged(ServerState state) {}

  /// A peer has connected; its handshake is about to begin.
  default void accepted(AcceptedPeer peer) {}

  /// The server does not want this peer; its end.
  default void refused(AcceptedPeer peer, RefusalReason reason) {}

  /// The peer's handshake has come to nothing; its end. Port scanners end here, and health checks.
  ///
  /// @param detail what happened, in one line, without secrets
  default void authenticationFailed(AcceptedPeer peer, FailureReason reason, String detail) {}

  /// The peer has proved who it is, and is about to be shown to the handlers of new connections.
  ///
  /// @param connection whose identity and mechanism tell who it is, and how it was proved
  default void authenticated(AcceptedPeer peer, DBusConnection connection) {}

  /// A connection has ended that was claimed; its end.
  default void closed(AcceptedPeer peer, DBusConnection connection, CloseReason reason) {}

  /// Accepting has failed, as it does when descriptors or threads run out. The server tries again
  /// in a moment.
  ///
  /// @param at the address where
  default void acceptFailed(Address at, Throwable failure) {}
}
