package dbus.connection.threads;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// One thread that watches for what takes too long. What is to be done then runs on another, since
/// it may reach the user's code.
public final class Deadlines {

  /// A deadline further away than this is none.
  public static final Duration LONGEST = Duration.ofDays(365);

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

  private static final long RETRY_MILLIS = 100;

  /// A deadline beyond this is rare, and would come after all others for long.
  private static final long LONGEST_ALARM = Duration.ofMinutes(1).toNanos();

  /// @param at until when the scheduler sleeps at most, by [System#nanoTime()]
  private record Alarm(long at, Future<?> future) {}

  /// There is one at a time, changed under the lock of the scheduler. It is past, if nothing has
  /// been set for a while.
  private static volatile Alarm alarm =
      new Alarm(System.nanoTime(), CompletableFuture.completedFuture(null));

  /// Has something done after a while, on one of the [HandlerThreads].
  ///
  /// @return to be cancelled when it is no longer needed
  public static Future<?> after(Duration time, Runnable action) {
    long nanos = (time.compareTo(LONGEST) < 0 ? time : LONGEST).toNanos();
    setAlarm(nanos);
    return SCHEDULER.schedule(() -> run(action), nanos, TimeUnit.NANOSECONDS);
  }

  /// Has something done on one of the [HandlerThreads] now, or, where none can be had, as soon as
  /// one can.
  public static void executeOrRetry(Runnable action) {
    try {
      HandlerThreads.EXECUTOR.execute(action);
    } catch (RuntimeException | OutOfMemoryError e) {
      retry(action);
    }
  }

  private static void retry(Runnable action) {
    var _ = SCHEDULER.schedule(() -> run(action), RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// By the thread of the scheduler. Where no thread can be started, it is tried again: what is to
  /// be done is often what sets threads free. This must not fail, whatever is missing: nobody else
  /// knows of the action.
  private static void run(Runnable action) {
    boolean done = false;
    while (!done) {
      try {
        HandlerThreads.EXECUTOR.execute(action);
        done = true;
      } catch (Throwable noThread) {
        try {
          retry(action);
          done = true;
        } catch (Throwable noMemory) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
        }
      }
    }
  }

  /// Sees to it that something is due before a new deadline is. The scheduler wakes its thread
  /// whenever the next thing that is due is a new one, which would be nearly always, since nearly
  /// all deadlines are cancelled long before: two hops between threads for each call.
  private static void setAlarm(long nanos) {
    long at = System.nanoTime() + nanos;
    if (nanos > LONGEST_ALARM || !isFirst(at, nanos)) {
      return;
    }
    synchronized (SCHEDULER) {
      if (isFirst(at, nanos)) {
        Alarm before = alarm;
        alarm = new Alarm(at, SCHEDULER.schedule(() -> {}, nanos, TimeUnit.NANOSECONDS));
        before.future.cancel(false);
      }
    }
  }

  private static boolean isFirst(long at, long nanos) {
    long later = alarm.at - at;
    return later > 0 || later <= -nanos;
  }

  /// How many are neither met nor missed.
  @SuppressWarnings("ReferenceEquality")
  public static int count() {
    synchronized (SCHEDULER) {
      // At one moment: the scheduler takes the alarm out before that is done.
      Object rings = alarm.future;
      return (int) Stream.of(SCHEDULER.getQueue().toArray()).filter(one -> one != rings).count();
    }
  }
}
