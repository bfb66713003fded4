package dbus.auth;

/// Why a handshake ended without a connection. Each name stands for one event, so that it can be
/// counted.
public enum FailureReason {
  /// The first byte was not NUL: whoever is there does not speak D-Bus (AUTH-01).
  NOT_DBUS,
  /// A line did not end within [HandshakeLimits#lineBytes()] (AUTH-06).
  LINE_TOO_LONG,
  /// The client was rejected [HandshakeLimits#rejections()] times (AUTH-22).
  TOO_MANY_REJECTIONS,
  /// The client sent too many lines that had to be answered with `ERROR` (AUTH-23).
  TOO_MANY_ERRORS,
  /// The answers to the peer's lines would exceed [HandshakeLimits#outputBytes()] (AUTH-06).
  TOO_MUCH_OUTPUT,
  /// The server sent more than [HandshakeLimits#serverLines()] lines (AUTH-63).
  TOO_MANY_LINES,
  /// The client sent `BEGIN` without being authenticated (AUTH-21).
  BEGIN_BEFORE_OK,
  /// Server: no mechanism is left to offer on this connection (AUTH-55). Client: no mechanism is
  /// left to try (AUTH-60).
  NO_MECHANISM,
  /// The peer proved who it is, and the observer does not let it in (AUTH-56).
  REFUSED,
  /// A mechanism or the observer threw an exception, which counts as a refusal (AUTH-57).
  EXCEPTION,
  /// The server's `OK` does not carry one guid of 32 hex digits (AUTH-61).
  BAD_OK,
  /// The server is another one than the address names.
  WRONG_GUID,
  /// The server sent a line that the client's state does not allow.
  UNEXPECTED_LINE,
  /// The caller's time limit has passed (AUTH-24).
  TIMED_OUT,
  /// The peer closed the connection, or it was lost.
  END_OF_STREAM,
  /// The caller ended the handshake for a reason of its own.
  ABORTED
}
