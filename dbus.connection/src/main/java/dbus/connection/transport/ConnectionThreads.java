package dbus.connection.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads that accept peers and read from them. One that is done waits for a while for the
/// next peer: to start a thread and to end it costs more than a short connection does.
///
/// Platform threads, not virtual ones: they run handlers, which may compute for long, and read from
/// and write to unix sockets, which blocks in native code. Both hold the carrier of a virtual
/// thread, of which there are few. They are daemons. There is one for each connection, and for each
/// place where peers are accepted.
public final class ConnectionThreads {

  private static final long IDLE_SECONDS = 5;

  /// What is executed never waits for a thread: one that is idle takes it, or a new one. It throws
  /// an [OutOfMemoryError] where no thread can be started.
  public static final Executor EXECUTOR =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().name("dbus-reader-", 1).daemon().factory());

  private ConnectionThreads() {}
}
