package dbus.connection;

import dbus.wire.Message;
import dbus.wire.UnixFds;
import java.io.FileDescriptor;
import java.util.List;

/// Finds out which message the file descriptors belong to that come with the bytes of a stream.
///
/// A set of descriptors travels with the first byte of its message. The operating system does not
/// say with which byte a set came, only with which read; but a read ends with the data that brought
/// a set. So a set belongs to a message that begins in the same read, and that is the one that
/// declares descriptors. If no complete message has taken it when the read is over, it is `held`
/// for the message that has begun. Whatever does not fit is an error, which ends the connection: a
/// number that is not the one declared, a set in the middle of a message, one that no message
/// declares, or one too large. D-Bus Specification, "Header Fields", `UNIX_FDS`.
///
/// Used by the thread that reads alone.
final class UnixFdFraming {

  private final int limit;

  /// Came with the bytes that are being read.
  private UnixFds fresh = UnixFds.NONE;

  /// Came earlier, with the first bytes of the message that is not complete.
  private UnixFds held = UnixFds.NONE;

  /// Whether the message that will be complete next began before the bytes that are being read.
  private boolean begunEarlier;

  /// @param limit the largest set that is taken; 0 if none is
  UnixFdFraming(int limit) {
    this.limit = limit;
  }

  /// Takes no descriptors at all.
  static UnixFdFraming none() {
    return new UnixFdFraming(0);
  }

  /// Bytes have come.
  ///
  /// @param unixFds came with them
  /// @param insideMessage whether the first of them belongs to a message that has begun
  void beginRead(List<FileDescriptor> unixFds, boolean insideMessage) throws UnixFdsException {
    begunEarlier = insideMessage;
    if (unixFds.isEmpty()) {
      return;
    }
    fresh = UnixFds.of(unixFds.stream().map(UnixFd::of).toList());
    if (fresh.size() > limit) {
      throw new UnixFdsException(
          limit == 0
              ? "file descriptors came, which was not agreed on"
              : fresh.size()
                  + " file descriptors came at once, where at most %d may".formatted(limit));
    }
  }

  /// A message is complete.
  ///
  /// @return the message with its descriptors
  Message complete(Message message) throws UnixFdsException {
    boolean earlier = begunEarlier;
    begunEarlier = false;
    int declared = message.unixFds();
    UnixFds its = UnixFds.NONE;
    if (earlier) {
      its = held;
      held = UnixFds.NONE;
    } else if (declared > 0) {
      its = fresh;
      fresh = UnixFds.NONE;
    }
    if (its.size() != declared) {
      its.close();
      throw new UnixFdsException(
          "a message declares %d file descriptors, and comes with %d"
              .formatted(declared, its.size()));
    }
    return declared == 0 ? message : message.withUnixFds(its);
  }

  /// All messages that were complete have been taken.
  ///
  /// @param insideMessage whether another has begun
  void endRead(boolean insideMessage) throws UnixFdsException {
    if (fresh.isEmpty()) {
      return;
    }
    if (!insideMessage || begunEarlier) {
      throw new UnixFdsException(
          insideMessage
              ? "file descriptors came in the middle of a message"
              : "file descriptors came, and no message declares them");
    }
    held = fresh;
    fresh = UnixFds.NONE;
  }

  /// Whether descriptors wait for the rest of their message.
  boolean isHolding() {
    return !held.isEmpty();
  }

  /// Closes those that no message has.
  void close() {
    fresh.close();
    held.close();
  }
}
