package dbus.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// Looks, while there is something to look at, whether the same code of the user's keeps a thread
/// that reads for more than a round, and has that thread relieved then.
///
/// One thread for all connections. It looks only at connections that have run the user's code
/// lately, and sleeps when there are none. To look once a round costs the readers nothing; to
/// measure each call would.
final class ReadingWatch {
  private static final long ROUND = Duration.ofMillis(1).toNanos();

  private static final Queue<ReadingRole> ADDED = new ConcurrentLinkedQueue<>();

  private static volatile boolean asleep;

  private static final Thread WATCH =
      Thread.ofPlatform().name("dbus-watch").daemon().start(ReadingWatch::watch);

  private ReadingWatch() {}

  static void add(ReadingRole role) {
    ADDED.add(role);
    if (asleep) {
      LockSupport.unpark(WATCH);
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
        roles.removeIf(role -> !role.look());
      }
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
