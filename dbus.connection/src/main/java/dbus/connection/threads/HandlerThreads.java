package dbus.connection.threads;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads on which handlers run that take long, unless the user gives an executor, and those
/// that wait until a slow peer reads.
///
/// Platform threads, not virtual ones: who writes to a unix socket waits in native code, where it
/// would hold a carrier. Two peers that never read could then stop all handlers on a machine with
/// two processors. How many threads there can be is limited by the calls in progress of each
/// connection, and one that writes.
public final class HandlerThreads {

  private static final long IDLE_SECONDS = 10;

  /// What is executed never waits for a thread: one that is idle takes it, or a new one. It throws
  /// an [OutOfMemoryError] where no thread can be started.
  public static final Executor EXECUTOR =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().name("dbus-handler-", 1).daemon().factory());

  private HandlerThreads() {}
}
