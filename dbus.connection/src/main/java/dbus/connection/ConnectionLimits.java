package dbus.connection;

import dbus.wire.MessageDecoder;
import dbus.wire.UnixFds;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// What one authenticated peer may make this side keep. [#DEFAULT] is right for nearly everybody.
///
/// What all connections of one user may take together is a [Budget].
///
/// @param messageBytes the longest message that is taken, header included, from 1,024 to
///   134,217,728. A longer one ends the connection as soon as its first 16 bytes are there
/// @param callsInProgress the calls of the peer that are with handlers at a time, at least 1; more
///   of them wait. Handlers that wait for a reply of the peer do not count, since it may be behind
///   further calls; beyond eight times as many calls in all, calls are refused with the error
///   `org.freedesktop.DBus.Error.LimitsExceeded`
/// @param outgoingBytes what may wait to be written to the peer, if it is of several messages, at
///   least 1,024. Beyond it senders wait or fail, as they choose, a message that is posted, as a
///   broadcast is, ends the connection, and nothing is read from the peer, and no handler begins,
///   until half of it is gone
/// @param outgoingTime how long the peer may not even take 64 KiB while more waits for it than may,
///   positive; then the connection ends. A peer that is slow, but faster than that, is waited for
/// @param undeliveredBytes what may be kept of the calls that are in progress, if they are several,
///   and again of the calls and signals that wait for their turn, at least 1,024. Beyond it calls
///   wait, and then nothing is read from the peer
/// @param unixFds the file descriptors that a message may have, from 0 to 253. With 0, none are
///   passed. A peer that sends more is disconnected
/// @param unixFdsHeld the file descriptors that handlers have yet to do with, at least 1. Beyond
///   it, nothing is read from the peer
/// @param messageTime how long a message may take from its first byte to its last, positive; a peer
///   that takes longer is disconnected. It must suffice for the longest message over the slowest
///   line. If it is empty there is no such limit, but for messages with file descriptors, which
///   have [#UNIX_FDS_TIME] at most in any case
public record ConnectionLimits(
    int messageBytes,
    int callsInProgress,
    long outgoingBytes,
    Duration outgoingTime,
    long undeliveredBytes,
    int unixFds,
    int unixFdsHeld,
    Optional<Duration> messageTime) {

  /// 128 MiB: what the D-Bus Specification allows (MSG-03, SERV-31).
  public static final int DEFAULT_MESSAGE_BYTES = MessageDecoder.MAX_MESSAGE_LENGTH;

  /// 128 calls: the number of dbus-daemon, which calls them pending replies.
  public static final int DEFAULT_CALLS_IN_PROGRESS = 128;

  /// 16 MiB: a peer that reads at all is never behind by that much, and a thousand that do not read
  /// are not to take all memory (CONN-39).
  public static final long DEFAULT_OUTGOING_BYTES = 16L << 20;

  /// 30 seconds (CONN-40).
  public static final Duration DEFAULT_OUTGOING_TIME = Duration.ofSeconds(30);

  /// 16 MiB, as in the other direction (CONN-41).
  public static final long DEFAULT_UNDELIVERED_BYTES = 16L << 20;

  /// 16 descriptors: the number of libdbus (FD-06).
  public static final int DEFAULT_UNIX_FDS = 16;

  /// 64 descriptors: the number of dbus-daemon (CONN-41).
  public static final int DEFAULT_UNIX_FDS_HELD = 64;

  /// 150 seconds for a message with file descriptors: the limit of dbus-daemon (FD-13).
  public static final Duration UNIX_FDS_TIME = Duration.ofSeconds(150);

  /// The limits named above, and no time limit for messages without file descriptors.
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(
          DEFAULT_MESSAGE_BYTES,
          DEFAULT_CALLS_IN_PROGRESS,
          DEFAULT_OUTGOING_BYTES,
          DEFAULT_OUTGOING_TIME,
          DEFAULT_UNDELIVERED_BYTES,
          DEFAULT_UNIX_FDS,
          DEFAULT_UNIX_FDS_HELD,
          Optional.empty());

  private static final int LEAST_BYTES = 1024;

  /// Checks the ranges that the parameters name.
  ///
  /// @throws IllegalArgumentException if a value is outside its range
  public ConnectionLimits {
    requireRange("messageBytes", messageBytes, LEAST_BYTES, MessageDecoder.MAX_MESSAGE_LENGTH);
    requireRange("callsInProgress", callsInProgress, 1, Long.MAX_VALUE);
    requireRange("outgoingBytes", outgoingBytes, LEAST_BYTES, Long.MAX_VALUE);
    requireRange("undeliveredBytes", undeliveredBytes, LEAST_BYTES, Long.MAX_VALUE);
    requireRange("unixFds", unixFds, 0, UnixFds.MAX);
    requireRange("unixFdsHeld", unixFdsHeld, 1, Long.MAX_VALUE);
    requirePositive("outgoingTime", outgoingTime);
    messageTime.ifPresent(time -> requirePositive("messageTime", time));
  }

  /// These limits with another length of messages.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ConnectionLimits withMessageBytes(int bytes) {
    return with(draft -> draft.messageBytes = bytes);
  }

  /// These limits with another number of calls.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ConnectionLimits withCallsInProgress(int count) {
    return with(draft -> draft.callsInProgress = count);
  }

  /// These limits with another amount that waits to be written.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ConnectionLimits withOutgoingBytes(long bytes) {
    return with(draft -> draft.outgoingBytes = bytes);
  }

  /// These limits with another time to wait for a peer that takes nothing.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public ConnectionLimits withOutgoingTime(Duration limit) {
    return with(draft -> draft.outgoingTime = limit);
  }

  /// These limits with another amount that waits for handlers.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ConnectionLimits withUndeliveredBytes(long bytes) {
    return with(draft -> draft.undeliveredBytes = bytes);
  }

  /// These limits with another number of file descriptors in a message.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ConnectionLimits withUnixFds(int count) {
    return with(draft -> draft.unixFds = count);
  }

  /// These limits with another number of file descriptors held.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ConnectionLimits withUnixFdsHeld(int count) {
    return with(draft -> draft.unixFdsHeld = count);
  }

  /// These limits with a time limit for each message.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public ConnectionLimits withMessageTime(Duration limit) {
    return with(draft -> draft.messageTime = Optional.of(limit));
  }

  private ConnectionLimits with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.toLimits();
  }

  /// The limits in the making: here one can be changed by its name, which a record does not offer.
  private static final class Draft {
    int messageBytes;
    int callsInProgress;
    long outgoingBytes;
    Duration outgoingTime;
    long undeliveredBytes;
    int unixFds;
    int unixFdsHeld;
    Optional<Duration> messageTime;

    Draft(ConnectionLimits from) {
      messageBytes = from.messageBytes;
      callsInProgress = from.callsInProgress;
      outgoingBytes = from.outgoingBytes;
      outgoingTime = from.outgoingTime;
      undeliveredBytes = from.undeliveredBytes;
      unixFds = from.unixFds;
      unixFdsHeld = from.unixFdsHeld;
      messageTime = from.messageTime;
    }

    ConnectionLimits toLimits() {
      return new ConnectionLimits(
          messageBytes,
          callsInProgress,
          outgoingBytes,
          outgoingTime,
          undeliveredBytes,
          unixFds,
          unixFdsHeld,
          messageTime);
    }
  }

  private static void requirePositive(String name, Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive, not " + time);
    }
  }

  private static void requireRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      String range = most == Long.MAX_VALUE ? "at least " + least : least + " to " + most;
      throw new IllegalArgumentException(name + " must be " + range + ", not " + value);
    }
  }
}
