package dbus.connection;

import dbus.connection.CloseReason.Kind;
import dbus.connection.threads.EndLog;
import dbus.connection.threads.LimitedLog;
import dbus.connection.threads.Relay;
import java.lang.System.Logger.Level;

/// Tells the log of connections that end, but for those of a server, which knows more of its peers.
///
/// A peer that leaves while this side waits for it may have refused what it was sent, and cannot
/// say so: D-Bus has no message for that. All that is known here is what was not answered.
final class ConnectionLog {

  private static final LimitedLog LOG = LimitedLog.of(DBusConnection.class);

  private ConnectionLog() {}

  /// @param relay writes the lines
  /// @param name that tells the connection from others of this process
  /// @param unanswered calls of this side
  static void ended(
      Relay relay, String name, DBusConnection connection, CloseReason reason, int unanswered) {
    EndLog.tell(LOG, relay, () -> described(name, connection), reason);
    if (unanswered > 0 && (reason.kind() == Kind.REMOTE || reason.kind() == Kind.BROKEN)) {
      EndLog.tell(
          LOG,
          relay,
          Level.INFO,
          () ->
              described(name, connection)
                  + ": the peer has ended the connection without answering calls of this side, "
                  + unanswered
                  + " in all; its own log may tell why, such as a message beyond a limit: "
                  + reason.detail());
    }
  }

  private static String described(String name, DBusConnection connection) {
    return name
        + connection.identity().map(peer -> " of " + peer).orElse("")
        + connection.remoteAddress().map(where -> " at " + where).orElse("");
  }
}
