package dbus.auth;

import java.time.Duration;

/// What a peer may cost before it is authenticated. [#DEFAULT] is right for nearly everybody.
///
/// @param lineBytes the largest number of bytes that may wait for their line end, from 256 to
///   65,536
/// @param rejections server: `REJECTED` lines after which the connection ends; the last one is
///   still sent. At least 2, because GDBus clients always use up one. Default 6, as libdbus
/// @param errors server: `ERROR` lines after which the connection ends, at least 1. The last one is
///   still sent
/// @param outputBytes bytes of answers in the whole handshake, from 1,024. It ends what no other
///   limit does, such as a client that asks for descriptors without end
/// @param serverLines client: the largest number of lines that it reads from a server, at least 8
/// @param timeLimit the time from the first moment of the connection to the end of the handshake,
///   positive. The state machines own no clock: who owns the connection keeps this limit, does not
///   extend it when bytes arrive, and calls [Handshake#abort(FailureReason, String)]
public record HandshakeLimits(
    int lineBytes,
    int rejections,
    int errors,
    int outputBytes,
    int serverLines,
    Duration timeLimit) {

  /// 16 KiB of unfinished line: the buffer of libdbus and dbus-broker (AUTH-06).
  public static final int DEFAULT_LINE_BYTES = 16_384;

  /// Six rejections: the number of libdbus (AUTH-22).
  public static final int DEFAULT_REJECTIONS = 6;

  /// 64 errors: far more than any known client causes (AUTH-23).
  public static final int DEFAULT_ERRORS = 64;

  /// 16 KiB of answers: what libdbus allows to wait unsent (AUTH-06); here it is the total, so that
  /// the outcome does not depend on how fast the answers are taken.
  public static final int DEFAULT_OUTPUT_BYTES = 16_384;

  /// 48 lines: a few dozens (AUTH-63); three mechanisms need ten.
  public static final int DEFAULT_SERVER_LINES = 48;

  /// 30 seconds: the limit of dbus-daemon (AUTH-24).
  public static final Duration DEFAULT_TIME_LIMIT = Duration.ofSeconds(30);

  /// The limits named above.
  public static final HandshakeLimits DEFAULT =
      new HandshakeLimits(
          DEFAULT_LINE_BYTES,
          DEFAULT_REJECTIONS,
          DEFAULT_ERRORS,
          DEFAULT_OUTPUT_BYTES,
          DEFAULT_SERVER_LINES,
          DEFAULT_TIME_LIMIT);

  /// Checks the ranges that the parameters name.
  ///
  /// @throws IllegalArgumentException if a value is outside its range
  public HandshakeLimits {
    requireRange("lineBytes", lineBytes, 256, 65_536);
    requireRange("rejections", rejections, 2, Integer.MAX_VALUE);
    requireRange("errors", errors, 1, Integer.MAX_VALUE);
    requireRange("outputBytes", outputBytes, 1_024, Integer.MAX_VALUE);
    requireRange("serverLines", serverLines, 8, Integer.MAX_VALUE);
    if (!timeLimit.isPositive()) {
      throw new IllegalArgumentException("timeLimit must be positive, not " + timeLimit);
    }
  }

  /// These limits with another length of lines.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public HandshakeLimits withLineBytes(int bytes) {
    return new HandshakeLimits(bytes, rejections, errors, outputBytes, serverLines, timeLimit);
  }

  /// These limits with another number of rejections.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public HandshakeLimits withRejections(int count) {
    return new HandshakeLimits(lineBytes, count, errors, outputBytes, serverLines, timeLimit);
  }

  /// These limits with another number of errors.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public HandshakeLimits withErrors(int count) {
    return new HandshakeLimits(lineBytes, rejections, count, outputBytes, serverLines, timeLimit);
  }

  /// These limits with another amount of output.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public HandshakeLimits withOutputBytes(int bytes) {
    return new HandshakeLimits(lineBytes, rejections, errors, bytes, serverLines, timeLimit);
  }

  /// These limits with another number of lines from a server.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public HandshakeLimits withServerLines(int count) {
    return new HandshakeLimits(lineBytes, rejections, errors, outputBytes, count, timeLimit);
  }

  /// These limits with another time limit.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public HandshakeLimits withTimeLimit(Duration limit) {
    return new HandshakeLimits(lineBytes, rejections, errors, outputBytes, serverLines, limit);
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      String range = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
      throw new IllegalArgumentException(name + " must be " + range + ", not " + value);
    }
  }
}
