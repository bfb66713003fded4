package dbus.connection;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the file descriptors that came with calls and signals and that handlers still have to do
/// with. At the limit the thread that reads waits, so that further ones stay in the socket, which
/// the operating system limits.
final class HeldUnixFds {

  private final int limit;
  private final Spending spending;
  private final Runnable whenOverBudget;
  private final Runnable beforeWaiting;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();
  private int count;

  /// Of those counted, how many the budget did not allow; the connection ends then.
  private int notCharged;

  private boolean closed;

  /// @param whenOverBudget is run by the thread that reads if the budget does not allow some
  /// @param beforeWaiting is run by the thread that reads when it is about to wait
  HeldUnixFds(int limit, Spending spending, Runnable whenOverBudget, Runnable beforeWaiting) {
    this.limit = limit;
    this.spending = spending;
    this.whenOverBudget = whenOverBudget;
    this.beforeWaiting = beforeWaiting;
  }

  /// Adds some, when that is within the limit, or when there are no others.
  void add(int more) throws InterruptedException {
    if (more == 0) {
      return;
    }
    boolean allowed;
    lock.lockInterruptibly();
    try {
      if (count > 0 && count + more > limit) {
        beforeWaiting.run();
      }
      while (!closed && count > 0 && count + more > limit) {
        fewer.await();
      }
      count += more;
      allowed = spending.budget().chargeUnixFds(more);
      if (!allowed) {
        notCharged += more;
      }
    } finally {
      lock.unlock();
    }
    if (!allowed) {
      whenOverBudget.run();
    }
  }

  void remove(int less) {
    if (less == 0) {
      return;
    }
    lock.lock();
    try {
      count -= less;
      int free = Math.min(less, notCharged);
      notCharged -= free;
      if (less > free) {
        spending.budget().refundUnixFds(less - free);
      }
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
