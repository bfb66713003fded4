package dbus.connection.reading;

import dbus.connection.threads.LimitedLog;
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
/// measure each call would. It outlives whatever goes wrong, a lack of memory included: without it
/// a handler that waits would stop its connection for good.
final class ReadingWatch {
  private static final LimitedLog LOG = LimitedLog.of(ReadingWatch.class);

  private static final long ROUND = Duration.ofMillis(1).toNanos();

  private static final Queue<ReadingRole> ADDED = new ConcurrentLinkedQueue<>();

  private static final ReentrantLock STARTING = new ReentrantLock();

  private static volatile @Nullable Thread watch;
  private static volatile boolean asleep;

  private ReadingWatch() {}

  /// Never fails.
  ///
  /// @return false if it cannot be watched now; the next step of the role may try again
  static boolean add(ReadingRole role) {
    try {
      ADDED.add(role);
      if (watch == null) {
        start();
      }
      if (asleep) {
        LockSupport.unpark(watch);
      }
      return true;
    } catch (RuntimeException | Error e) {
      LOG.warning("handlers that take long cannot be watched at this moment", e);
      return false;
    }
  }

  /// Where no thread can be started now, the next connection tries again.
  private static void start() {
    STARTING.lock();
    try {
      if (watch == null) {
        watch = Thread.ofPlatform().name("dbus-watch").daemon().start(ReadingWatch::watch);
      }
    } finally {
      STARTING.unlock();
    }
  }

  private static void watch() {
    List<ReadingRole> roles = new ArrayList<>();
    while (true) {
      try {
        look(roles);
      } catch (Throwable e) {
        // It may be memory that is missing. What was added is looked at in the next round.
        LOG.warning("a round of the watch failed", e);
        LockSupport.parkNanos(ROUND);
      }
    }
  }

  private static void look(List<ReadingRole> roles) {
    for (ReadingRole added = ADDED.peek(); added != null; added = ADDED.peek()) {
      roles.add(added);
      // Not before: growing the list may fail.
      var _ = ADDED.poll();
    }
    if (roles.isEmpty()) {
      sleepUntilAdded();
    } else {
      waitOneRound();
      roles.removeIf(ReadingWatch::needsNoMore);
    }
  }

  /// One role that fails is looked at again, and keeps nobody from the others.
  private static boolean needsNoMore(ReadingRole role) {
    try {
      return !role.look();
    } catch (RuntimeException | Error e) {
      LOG.warning("looking at a connection failed", e);
      return false;
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
