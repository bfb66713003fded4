package dbus.connection;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Looks, while there is something to look at, whether the same code of the user's keeps a thread
/// that reads for more than a round, and has that thread relieved then.
///
/// One thread for all connections. It looks only at connections that have run the user's code
/// lately, and sleeps when there are none. To look once a round costs the readers nothing; to
/// measure each call would.
final class ReadingWatch {
  private static final Logger LOG = System.getLogger(ReadingWatch.class.getName());

  private static final long ROUND = Duration.ofMillis(1).toNanos();

  private static final Queue<ReadingRole> ADDED = new ConcurrentLinkedQueue<>();

  private static final ReentrantLock STARTING = new ReentrantLock();

  private static volatile @Nullable Thread watch;
  private static volatile boolean asleep;

  private ReadingWatch() {}

  static void add(ReadingRole role) {
    ADDED.add(role);
    if (watch == null) {
      start();
    }
    if (asleep) {
      LockSupport.unpark(watch);
    }
  }

  /// Where no thread can be started now, the next connection tries again.
  private static void start() {
    STARTING.lock();
    try {
      if (watch == null) {
        watch = Thread.ofPlatform().name("dbus-watch").daemon().start(ReadingWatch::watch);
      }
    } catch (OutOfMemoryError e) {
      LOG.log(Level.WARNING, "no thread can be started to watch handlers that take long", e);
    } finally {
      STARTING.unlock();
    }
  }

  private static void watch() {
    List<ReadingRole> roles = new ArrayList<>();
    while (true) {
      for (ReadingRole added = ADDED.poll(); added != null; added = ADDED.poll()) {
        roles.add(added);
      }
      if (roles.isEmpty()) {
        sleepUntilAdded();
      } else {
        waitOneRound();
        roles.removeIf(ReadingWatch::needsNoMore);
      }
    }
  }

  /// The watch must outlive whatever goes wrong at one connection.
  private static boolean needsNoMore(ReadingRole role) {
    try {
      return !role.look();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "a connection is no longer watched", e);
      return true;
    }
  }

  /// A whole one: waking up early would take quick code for slow.
  private static void waitOneRound() {
    long end = System.nanoTime() + ROUND;
    for (long left = ROUND; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void sleepUntilAdded() {
    asleep = true;
    if (ADDED.isEmpty()) {
      LockSupport.park();
    }
    asleep = false;
  }
}
