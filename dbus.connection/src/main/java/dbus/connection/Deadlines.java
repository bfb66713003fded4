package dbus.connection;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One thread that watches for what takes too long. What is to be done then runs on another, since
/// it may reach the user's code.
final class Deadlines {

  /// A deadline further away than this is none.
  static final Duration LONGEST = Duration.ofDays(365);

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
    return SCHEDULER.schedule(
        () -> HandlerThreads.EXECUTOR.execute(action), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// How many are neither met nor missed.
  static int count() {
    return SCHEDULER.getQueue().size();
  }
}
