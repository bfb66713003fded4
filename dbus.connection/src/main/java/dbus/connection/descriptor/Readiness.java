package dbus.connection.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Waits until one of many sockets has something to read, or has ended: an `epoll` of Linux.
///
/// One thread at a time waits. Another one at a time adds and removes, also while one waits.
public final class Readiness {

  /// `struct epoll_event`, without a gap between its two fields on one processor alone.
  private static final long DATA = System.getProperty("os.arch").matches("amd64|x86_64") ? 4 : 8;

  private static final long EVENT_BYTES = 16;

  private final int epoll;
  private final MemorySegment event = SystemCalls.memory(EVENT_BYTES);
  private final MemorySegment occurred = SystemCalls.memory(EVENT_BYTES);
  private final MemorySegment errno = SystemCalls.memory(SystemCalls.ERRNO_BYTES);
  private final MemorySegment waitErrno = SystemCalls.memory(SystemCalls.ERRNO_BYTES);

  private Readiness(int epoll) {
    this.epoll = epoll;
  }

  /// A new one, which waits for nothing yet.
  ///
  /// @throws IOException if this process has too many descriptors
  public static Readiness open() throws IOException {
    int epoll = SystemCalls.epoll(SystemCalls.memory(SystemCalls.ERRNO_BYTES));
    if (epoll < 0) {
      throw SystemCalls.failure("epoll_create1 failed", epoll);
    }
    return new Readiness(epoll);
  }

  /// Waits for this socket as well.
  ///
  /// @throws IOException if that is one too many
  public void add(LinuxSocket socket) throws IOException {
    event.set(JAVA_INT, 0, SystemCalls.EPOLLIN);
    event.set(JAVA_INT_UNALIGNED, DATA, socket.number());
    int result =
        SystemCalls.control(errno, epoll, SystemCalls.EPOLL_CTL_ADD, socket.number(), event);
    if (result < 0) {
      throw SystemCalls.failure("epoll_ctl failed", result);
    }
  }

  /// Waits for this socket no more.
  public void remove(LinuxSocket socket) {
    int result =
        SystemCalls.control(errno, epoll, SystemCalls.EPOLL_CTL_DEL, socket.number(), event);
    assert result == 0 : result;
  }

  /// Waits.
  ///
  /// @return the number of a socket that was added and not removed
  /// @throws IOException if waiting fails
  public int await() throws IOException {
    int count = SystemCalls.awaitEvent(waitErrno, epoll, occurred);
    if (count < 0) {
      throw SystemCalls.failure("epoll_wait failed", count);
    }
    return occurred.get(JAVA_INT_UNALIGNED, DATA);
  }

  /// Gives it back. Nobody may wait then, or later.
  public void close() {
    int result = SystemCalls.close(errno, epoll);
    assert result == 0 : result;
  }
}
