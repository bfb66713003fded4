package dbus.connection;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the calls of a peer that are not answered yet, for two ends: no more than a limit at a
/// time, and, once the peer has ended its sending side, to know when the last one is answered.
///
/// The count begins at one, which stands for the stream that calls come from. So it reaches zero
/// once, and only after the stream has ended.
final class CallsInProgress {

  private final Semaphore free;
  private final AtomicInteger count = new AtomicInteger(1);
  private final Runnable whenOver;
  private volatile boolean closed;

  CallsInProgress(int limit, Runnable whenOver) {
    this.free = new Semaphore(limit);
    this.whenOver = whenOver;
  }

  /// Waits until a call may begin.
  ///
  /// @return whether it may: not any more if the connection has ended
  boolean begin() throws InterruptedException {
    free.acquire();
    if (closed) {
      free.release();
      return false;
    }
    count.incrementAndGet();
    return true;
  }

  void end() {
    free.release();
    down();
  }

  /// No further call will come.
  void streamEnded() {
    down();
  }

  /// No further call will begin; whoever waits to begin one is told.
  void close() {
    closed = true;
    free.release();
  }

  private void down() {
    if (count.decrementAndGet() == 0) {
      whenOver.run();
    }
  }
}
