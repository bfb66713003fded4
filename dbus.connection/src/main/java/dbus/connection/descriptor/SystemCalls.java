package dbus.connection.descriptor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Set;

/// The functions of Linux that sockets need, with the numbers from its headers.
///
/// One that fails returns the negative number of the error, as in the kernel. Where it was
/// interrupted by a signal to the process, it is begun again, but for closing, which is never to be
/// done twice.
final class SystemCalls {

  static final int AF_UNIX = 1;
  static final int SOCK_STREAM = 1;
  static final int SOL_SOCKET = 1;
  static final int SCM_RIGHTS = 1;
  static final int SO_PEERCRED = 17;
  static final int SO_RCVTIMEO = 20;
  static final int SHUT_RDWR = 2;
  static final int SOCK_CLOEXEC = 0x8_0000;
  static final int MSG_CTRUNC = 0x8;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;
  static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

  static final int EPOLL_CLOEXEC = 0x8_0000;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLLIN = 0x1;

  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EBADF = 9;
  static final int EINVAL = 22;
  static final int EPERM = 1;
  static final int ETOOMANYREFS = 109;

  /// On these the numbers are the same; on PowerPC, for one, some are not.
  private static final Set<String> PROCESSORS =
      Set.of("amd64", "x86_64", "aarch64", "riscv64", "s390x", "loongarch64");

  /// Whether they can be called: on Linux, where native access is enabled for this module. Where
  /// they cannot, there is junixsocket.
  static final boolean AVAILABLE =
      System.getProperty("os.name").equals("Linux")
          && PROCESSORS.contains(System.getProperty("os.arch"))
          && ADDRESS.byteSize() == 8
          && NativeAccess.isGiven();

  private static final MemoryLayout ERRNO = Linker.Option.captureStateLayout();

  /// Room for the number of an error, which each call is given.
  static final long ERRNO_BYTES = ERRNO.byteSize();

  private SystemCalls() {}

  /// Apart, so that they are looked up only where they are.
  private static final class Functions {
    static final MethodHandle ACCEPT4 =
        find("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle RECVMSG = find("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SENDMSG = find("sendmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SEND =
        find("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle GETSOCKOPT =
        find("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle SETSOCKOPT =
        find("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle EPOLL_CREATE1 = find("epoll_create1", JAVA_INT, JAVA_INT);
    static final MethodHandle EPOLL_CTL =
        find("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle EPOLL_WAIT =
        find("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle SOCKETPAIR =
        find("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle SHUTDOWN = find("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle CLOSE = find("close", JAVA_INT, JAVA_INT);
    static final MethodHandle STRERROR =
        linked("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... arguments) {
      return linked(
          name, FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
    }

    // Only where the module may.
    @SuppressWarnings("restricted")
    private static MethodHandle linked(
        String name, FunctionDescriptor type, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }
  }

  private static int error(MemorySegment errno) {
    return -errno.get(JAVA_INT, 0);
  }

  /// @param name room for the name of the peer's socket
  /// @param length how long the name may be, then how long it is
  static int accept(MemorySegment errno, int socket, MemorySegment name, MemorySegment length) {
    try {
      while (true) {
        int accepted =
            (int) Functions.ACCEPT4.invokeExact(errno, socket, name, length, SOCK_CLOEXEC);
        if (accepted >= 0 || error(errno) != -EINTR) {
          return accepted >= 0 ? accepted : error(errno);
        }
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long receive(MemorySegment errno, int socket, MemorySegment message) {
    try {
      long count = (long) Functions.RECVMSG.invokeExact(errno, socket, message, MSG_CMSG_CLOEXEC);
      return count >= 0 ? count : error(errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// @param flags besides that which keeps a signal away
  static long send(MemorySegment errno, int socket, MemorySegment message, int flags) {
    try {
      while (true) {
        long count =
            (long) Functions.SENDMSG.invokeExact(errno, socket, message, MSG_NOSIGNAL | flags);
        if (count >= 0 || error(errno) != -EINTR) {
          return count >= 0 ? count : error(errno);
        }
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// @param flags besides that which keeps a signal away
  static long send(MemorySegment errno, int socket, MemorySegment bytes, long length, int flags) {
    try {
      while (true) {
        long count =
            (long) Functions.SEND.invokeExact(errno, socket, bytes, length, MSG_NOSIGNAL | flags);
        if (count >= 0 || error(errno) != -EINTR) {
          return count >= 0 ? count : error(errno);
        }
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// @param length how long the value may be, then how long it is
  static int option(
      MemorySegment errno, int socket, int option, MemorySegment value, MemorySegment length) {
    try {
      int result =
          (int) Functions.GETSOCKOPT.invokeExact(errno, socket, SOL_SOCKET, option, value, length);
      return result >= 0 ? result : error(errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int setOption(
      MemorySegment errno, int socket, int option, MemorySegment value, int length) {
    try {
      int result =
          (int) Functions.SETSOCKOPT.invokeExact(errno, socket, SOL_SOCKET, option, value, length);
      return result >= 0 ? result : error(errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int epoll(MemorySegment errno) {
    try {
      int result = (int) Functions.EPOLL_CREATE1.invokeExact(errno, EPOLL_CLOEXEC);
      return result >= 0 ? result : error(errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int control(MemorySegment errno, int epoll, int what, int socket, MemorySegment event) {
    try {
      int result = (int) Functions.EPOLL_CTL.invokeExact(errno, epoll, what, socket, event);
      return result >= 0 ? result : error(errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Waits for one event, as long as that takes.
  static int awaitEvent(MemorySegment errno, int epoll, MemorySegment event) {
    try {
      while (true) {
        int count = (int) Functions.EPOLL_WAIT.invokeExact(errno, epoll, event, 1, -1);
        if (count >= 0 || error(errno) != -EINTR) {
          return count >= 0 ? count : error(errno);
        }
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Makes two unix stream sockets that are connected, close-on-exec.
  ///
  /// @param numbers room for their numbers
  static int socketPair(MemorySegment errno, MemorySegment numbers) {
    try {
      int result =
          (int)
              Functions.SOCKETPAIR.invokeExact(
                  errno, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, numbers);
      return result >= 0 ? result : error(errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int shutdown(MemorySegment errno, int socket) {
    try {
      int result = (int) Functions.SHUTDOWN.invokeExact(errno, socket, SHUT_RDWR);
      return result >= 0 ? result : error(errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int close(MemorySegment errno, int descriptor) {
    try {
      int result = (int) Functions.CLOSE.invokeExact(errno, descriptor);
      return result >= 0 ? result : error(errno);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static Error unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> error;
      default -> new AssertionError(e);
    };
  }

  /// What failed, and how.
  ///
  /// @param error as a call has returned it
  static IOException failure(String what, long error) {
    return new IOException(what + ": " + text((int) -error));
  }

  // The text is as long as it is: it ends with a 0.
  @SuppressWarnings("restricted")
  private static String text(int error) {
    try {
      MemorySegment text = (MemorySegment) Functions.STRERROR.invokeExact(error);
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Memory of zeros, which lives as long as somebody knows it.
  static MemorySegment memory(long size) {
    return Arena.ofAuto().allocate(size, JAVA_LONG.byteAlignment());
  }
}
