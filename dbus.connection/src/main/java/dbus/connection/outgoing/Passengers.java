package dbus.connection.outgoing;

import dbus.connection.UnixFd;
import dbus.wire.Message;
import dbus.wire.UnixFdHandle;
import java.io.FileDescriptor;
import java.util.List;

/// The descriptors of one message in the [Outbox].
///
/// @param from the first byte of the message, counted from the first that ever was queued
/// @param ticket is told that the message could not be sent
record Passengers(long from, int length, List<UnixFd> unixFds, Ticket ticket) {

  /// Whether the descriptors of a message can be sent.
  ///
  /// @param most how many it may have
  /// @throws IllegalArgumentException if not
  static void requireSendable(Message message, int most) {
    int declared = message.unixFds();
    if (declared > most) {
      throw new IllegalArgumentException(
          most == 0
              ? "this connection passes no file descriptors, the message has " + declared
              : "a message on this connection has at most %s file descriptors, not %s"
                  .formatted(most, declared));
    }
    List<UnixFdHandle> handles = message.body().unixFds().asList();
    if (handles.size() != declared) {
      throw new IllegalArgumentException(
          "the message declares %s file descriptors, and has %s"
              .formatted(declared, handles.size()));
    }
    for (UnixFdHandle handle : handles) {
      if (!(handle instanceof UnixFd)) {
        throw new IllegalArgumentException("not a UnixFd: " + handle);
      }
    }
  }

  List<FileDescriptor> descriptors() {
    return unixFds.stream().map(UnixFd::fileDescriptor).toList();
  }

  void close() {
    unixFds.forEach(UnixFd::close);
  }
}
