package dbus.connection;

import java.util.Optional;

/// Why a connection ended.
///
/// @param detail a sentence for people, without secrets
/// @param cause what was thrown, if something was
public record CloseReason(Kind kind, String detail, Optional<Exception> cause) {

  /// What ended it.
  public enum Kind {
    /// This side called [DBusConnection#close()].
    LOCAL,
    /// The peer ended the stream.
    REMOTE,
    /// The handshake failed, or took too long; there never was a connection to speak of.
    NOT_AUTHENTICATED,
    /// The peer is authenticated, and nobody wanted it.
    REFUSED,
    /// The peer sent bytes that are not a valid message. Nothing after them was read.
    INVALID_MESSAGE,
    /// It would have kept more than the [Budget] that it shares with others allows.
    OVER_BUDGET,
    /// Reading or writing failed.
    BROKEN
  }

  static CloseReason of(Kind kind, String detail) {
    return new CloseReason(kind, detail, Optional.empty());
  }

  /// Whether the peer's doing ended it, be it by leaving, by breaking the rules, or with the
  /// network between.
  public boolean remoteVanished() {
    return kind != Kind.LOCAL && kind != Kind.REFUSED;
  }
}
