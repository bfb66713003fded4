package dbus.connection.transport;

import dbus.connection.descriptor.LinuxSocket;
import dbus.connection.descriptor.Readiness;
import dbus.connection.threads.LimitedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The sockets of this process on which nothing comes for a while. They wait together, without a
/// thread each: what a thread has touched of its stack is most of what an idle connection holds.
///
/// One thread waits for all of them, with one descriptor, as long as there are any. When something
/// comes for one, it has another thread take its place, and goes on with that socket itself, as the
/// thread did that left it here: so the first message after a pause costs no further hop. All that
/// thread had done is visible to this one, since both took the lock.
///
/// Whoever leaves a socket here must not touch its reading until it is resumed, and nobody may
/// close it; to shut it down resumes it.
final class IdleSockets {

  private static final LimitedLog LOG = LimitedLog.of(IdleSockets.class);

  /// How long to wait for a thread where none can be started.
  private static final Duration PAUSE = Duration.ofMillis(100);

  private record Idle(LinuxSocket socket, Runnable resume) {}

  private static final ReentrantLock LOCK = new ReentrantLock();

  // Under the lock.
  private static final Map<Integer, Idle> IDLE = new HashMap<>();
  private static @Nullable Readiness readiness;
  private static boolean watched;

  private IdleSockets() {}

  /// Loads the classes that this needs, for which descriptors may be needed. A class that could not
  /// be loaded once never is.
  static void load() {
    var _ = List.of(Idle.class, Readiness.class);
  }

  /// Leaves a socket here.
  ///
  /// @param resume goes on reading from it; run once, when there is something to read
  /// @return false if that cannot be done now; then the caller still reads
  static boolean leave(LinuxSocket socket, Runnable resume) {
    LOCK.lock();
    try {
      Readiness all = readiness();
      IDLE.put(socket.number(), new Idle(socket, resume));
      all.add(socket);
      if (!watched) {
        startWatching(all, socket);
      }
      return true;
    } catch (IOException | RuntimeException | Error missing) {
      // Whatever it is, such as a descriptor or a thread: the caller's thread can wait. To write a
      // line of a log might take what is missing.
      IDLE.remove(socket.number());
      return false;
    } finally {
      LOCK.unlock();
    }
  }

  private static Readiness readiness() throws IOException {
    Readiness open = readiness;
    if (open == null) {
      open = Readiness.open();
      readiness = open;
    }
    return open;
  }

  private static void startWatching(Readiness all, LinuxSocket first) {
    try {
      ConnectionThreads.EXECUTOR.execute(() -> watch(all));
      watched = true;
    } catch (RuntimeException | Error e) {
      all.remove(first);
      throw e;
    }
  }

  private static void watch(Readiness all) {
    Runnable resume = null;
    while (resume == null) {
      try {
        resume = take(all, all.await());
      } catch (Throwable e) {
        // The sockets are not to be forgotten: nobody else would ever read from them.
        LOG.warning("idle connections wait longer than they should", e);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    resume.run();
  }

  /// Takes a socket out, and has another thread watch the others.
  private static @Nullable Runnable take(Readiness all, int number) {
    LOCK.lock();
    try {
      Idle next = IDLE.get(number);
      if (next == null) {
        return null;
      }
      if (IDLE.size() > 1) {
        ConnectionThreads.EXECUTOR.execute(() -> watch(all));
      }
      IDLE.remove(number);
      all.remove(next.socket());
      if (IDLE.isEmpty()) {
        watched = false;
        readiness = null;
        all.close();
      }
      return next.resume();
    } finally {
      LOCK.unlock();
    }
  }
}
