package dbus.connection;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One thread that ends what takes too long. What it runs must not block.
final class Deadlines {

  private static final ScheduledThreadPoolExecutor SCHEDULER = scheduler();

  private Deadlines() {}

  private static ScheduledThreadPoolExecutor scheduler() {
    var scheduler =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("dbus-deadlines").daemon().factory());
    // Nearly every deadline is met: without this each would keep its connection alive until it is
    // due.
    scheduler.setRemoveOnCancelPolicy(true);
    return scheduler;
  }

  static Future<?> after(Duration time, Runnable action) {
    return SCHEDULER.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
