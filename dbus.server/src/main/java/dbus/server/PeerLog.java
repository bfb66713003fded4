package dbus.server;

import dbus.auth.FailureReason;
import dbus.connection.CloseReason;
import dbus.connection.threads.EndLog;
import dbus.connection.threads.LimitedLog;
import dbus.connection.threads.Relay;
import java.lang.System.Logger.Level;

/// Tells the log of peers that were refused, and of those that broke the rules: who, where, and
/// why. The rate of both is bounded, each by itself, so that the one cannot hide the other
/// (SEC-41).
///
/// | what | level |
/// | --- | --- |
/// | a limit was reached, something is missing, the application's code failed | WARNING |
/// | a peer broke the rules, or a limit of its connection | WARNING |
/// | it was not let in, by its user, the application, or a nonce; it was silent, and others waited | INFO |
/// | it did not speak D-Bus, or left: port scanners, health checks, everybody in the end | DEBUG |
final class PeerLog {

  private final LimitedLog refused = LimitedLog.of(DBusServer.class);
  private final LimitedLog ended = LimitedLog.of(DBusServer.class);
  private final ServerLimits limits;
  private final Relay relay;

  /// @param relay writes the lines, so that nobody waits for the log
  PeerLog(ServerLimits limits, Relay relay) {
    this.limits = limits;
    this.relay = relay;
  }

  void refused(AcceptedPeer peer, RefusalReason reason) {
    tell(levelOf(reason), peer, "refused: " + reason + limitOf(reason));
  }

  private static Level levelOf(RefusalReason reason) {
    return switch (reason) {
      case TOO_MANY_CONNECTIONS, TOO_MANY_OF_USER, NO_RESOURCES, HANDLER_FAILED -> Level.WARNING;
      case SILENT_WHILE_OTHERS_WAIT, NOT_CLAIMED, WRONG_NONCE -> Level.INFO;
      case STOPPED -> Level.DEBUG;
    };
  }

  private String limitOf(RefusalReason reason) {
    return switch (reason) {
      case TOO_MANY_CONNECTIONS -> ", connections is " + limits.connections();
      case TOO_MANY_OF_USER ->
          ", connectionsPerUser is " + limits.connectionsPerUser().orElse(limits.connections());
      case SILENT_WHILE_OTHERS_WAIT ->
          ", unfinishedHandshakes is "
              + limits.unfinishedHandshakes()
              + ", handshakeGrace is "
              + limits.handshakeGrace();
      default -> "";
    };
  }

  /// @param wasRejected whether the peer was told that it cannot be let in, by some mechanism
  void authenticationFailed(
      AcceptedPeer peer, FailureReason reason, String detail, boolean wasRejected) {
    tell(levelOf(reason, wasRejected), peer, "not authenticated: " + detail);
  }

  private static Level levelOf(FailureReason reason, boolean wasRejected) {
    return switch (reason) {
      case EXCEPTION -> Level.WARNING;
      case TOO_MANY_REJECTIONS, NO_MECHANISM, REFUSED -> Level.INFO;
      default -> wasRejected ? Level.INFO : Level.DEBUG;
    };
  }

  private void tell(Level level, AcceptedPeer peer, String what) {
    EndLog.tell(refused, relay, level, () -> described(peer) + ": " + what);
  }

  void closed(AcceptedPeer peer, CloseReason reason) {
    EndLog.tell(ended, relay, () -> described(peer) + limitsOf(reason), reason);
  }

  /// What is shared by the connections of a user, of which the reason knows nothing.
  private String limitsOf(CloseReason reason) {
    return reason.kind() == CloseReason.Kind.OVER_BUDGET
        ? ", of a user with bytesPerUser %s and unixFdsPerUser %s"
            .formatted(limits.bytesPerUser(), limits.unixFdsPerUser())
        : "";
  }

  private static String described(AcceptedPeer peer) {
    return peer + " at " + peer.at().withoutGuid();
  }
}
