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

  CallsInProgress(int limit, Runnable whenOver) {
    this.free = new Semaphore(limit);
    this.whenOver = whenOver;
  }

  /// Waits until a call may begin.
  void begin() throws InterruptedException {
    free.acquire();
    count.incrementAndGet();
  }

  void end() {
    free.release();
    down();
  }

  /// No further call will begin.
  void streamEnded() {
    down();
  }

  private void down() {
    if (count.decrementAndGet() == 0) {
      whenOver.run();
    }
  }
}
