package dbus.connection;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/// The descriptors of one message in the [Outbox].
///
/// @param from the first byte of the message, counted from the first that ever was queued
/// @param refused is told that the message could not be sent
record Passengers(long from, int length, List<UnixFd> unixFds, Consumer<IOException> refused) {

  List<FileDescriptor> descriptors() {
    return unixFds.stream().map(UnixFd::fileDescriptor).toList();
  }

  void close() {
    unixFds.forEach(UnixFd::close);
  }
}
