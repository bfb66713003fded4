package dbus.server;

import java.util.List;
import java.util.stream.Stream;

/// Threads that keep all processors busy, so that others are preempted anywhere.
final class BusyLoops implements AutoCloseable {

  private final List<Thread> threads;
  private volatile boolean over;

  BusyLoops(int count) {
    threads =
        Stream.generate(() -> Thread.ofPlatform().daemon().unstarted(this::spin))
            .limit(count)
            .toList();
    threads.forEach(Thread::start);
  }

  private void spin() {
    while (!over) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
