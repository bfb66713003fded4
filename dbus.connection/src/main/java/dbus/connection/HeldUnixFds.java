package dbus.connection;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the file descriptors that came with calls and signals and that handlers still have to do
/// with. At the limit the thread that reads waits, so that further ones stay in the socket, which
/// the operating system limits.
final class HeldUnixFds {

  /// As in dbus-daemon.
  static final int LIMIT = 64;

  private final int limit;
  private final Runnable beforeWaiting;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();
  private int count;
  private boolean closed;

  /// @param beforeWaiting is run by the thread that reads when it is about to wait
  HeldUnixFds(int limit, Runnable beforeWaiting) {
    this.limit = limit;
    this.beforeWaiting = beforeWaiting;
  }

  /// Adds some, when that is within the limit, or when there are no others.
  void add(int more) throws InterruptedException {
    if (more == 0) {
      return;
    }
    lock.lockInterruptibly();
    try {
      if (count > 0 && count + more > limit) {
        beforeWaiting.run();
      }
      while (!closed && count > 0 && count + more > limit) {
        fewer.await();
      }
      count += more;
    } finally {
      lock.unlock();
    }
  }

  void remove(int less) {
    if (less == 0) {
      return;
    }
    lock.lock();
    try {
      count -= less;
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nobody waits any more.
  void close() {
    lock.lock();
    try {
      closed = true;
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
