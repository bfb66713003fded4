package dbus.connection;

import dbus.wire.Message;
import dbus.wire.UnixFds;
import java.io.FileDescriptor;
import java.util.ArrayList;
import java.util.List;

/// Finds out which message the file descriptors belong to that come with the bytes of a stream.
///
/// A sender may write descriptors with any byte of their message, and some of them with one byte,
/// some with another. The operating system does not say with which byte a set came, only with which
/// read. So a set belongs, as a whole, to a message of which bytes are in the same read:
///
/// - to the first one that is complete, and declares more descriptors than it has;
/// - if there is none, to the one that is not complete when the read is over. It is `held` for it,
///   behind those that came before.
///
/// That leaves no choice: a message that is complete gets no more, and one that declares more than
/// it has would be wrong without the set. Whatever does not fit is an error, which ends the
/// connection: a message that is complete with another number than it declares, a set that no
/// message of its read takes, or more for one message than the limit, complete or not. So a peer
/// can have as many held here as one message may have, and no more. D-Bus Specification, "Header
/// Fields", `UNIX_FDS`.
///
/// Used by the thread that reads alone.
final class UnixFdFraming {

  private final int limit;

  /// Came with the bytes that are being read.
  private List<UnixFd> fresh = List.of();

  /// Came earlier, with bytes of the message that will be complete next.
  private List<UnixFd> held = List.of();

  /// @param limit the most that a message may have; 0 if none may
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
  void beginRead(List<FileDescriptor> unixFds) throws UnixFdsException {
    if (unixFds.isEmpty()) {
      return;
    }
    fresh = unixFds.stream().map(UnixFd::of).toList();
    if (limit == 0) {
      throw new UnixFdsException("file descriptors came, which was not agreed on");
    }
    requireFew(fresh.size());
  }

  /// A message is complete.
  ///
  /// @return the message with its descriptors
  Message complete(Message message) throws UnixFdsException {
    int declared = message.unixFds();
    if (declared > held.size()) {
      holdFresh();
    }
    List<UnixFd> its = held;
    if (its.size() != declared) {
      throw new UnixFdsException(
          "a message declares " + declared + " file descriptors, and comes with " + its.size());
    }
    held = List.of();
    return declared == 0 ? message : message.withUnixFds(UnixFds.of(its));
  }

  /// All messages that were complete have been taken.
  ///
  /// @param insideMessage whether another has begun
  void endRead(boolean insideMessage) throws UnixFdsException {
    if (fresh.isEmpty()) {
      return;
    }
    if (!insideMessage) {
      throw new UnixFdsException("file descriptors came, and no message declares them");
    }
    holdFresh();
  }

  private void holdFresh() throws UnixFdsException {
    requireFew(held.size() + fresh.size());
    if (held.isEmpty()) {
      held = fresh;
    } else if (!fresh.isEmpty()) {
      List<UnixFd> all = new ArrayList<>(held);
      all.addAll(fresh);
      held = all;
    }
    fresh = List.of();
  }

  private void requireFew(int count) throws UnixFdsException {
    if (count > limit) {
      throw new UnixFdsException(
          count + " file descriptors came with one message, where at most " + limit + " may");
    }
  }

  /// Whether descriptors wait for the rest of their message.
  boolean isHolding() {
    return !held.isEmpty();
  }

  /// Closes those that no message has.
  void close() {
    fresh.forEach(UnixFd::close);
    held.forEach(UnixFd::close);
  }
}
