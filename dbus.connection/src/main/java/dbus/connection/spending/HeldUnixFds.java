package dbus.connection.spending;

import dbus.connection.reading.ReadingGate;
import dbus.connection.reading.ReadingGate.Reason;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the file descriptors that came with calls and signals and that handlers still have to do
/// with. While there are as many as the limit, nothing is read, so that further ones stay in the
/// socket, which the operating system limits.
public final class HeldUnixFds {

  private final int limit;
  private final Spending spending;
  private final ReadingGate gate;
  private final Runnable whenOverBudget;
  private final ReentrantLock lock = new ReentrantLock();
  private int count;

  /// Of those counted, how many the budget did not allow; the connection ends then.
  private int notCharged;

  /// @param whenOverBudget is run by the thread that reads if the budget does not allow some
  public HeldUnixFds(int limit, Spending spending, ReadingGate gate, Runnable whenOverBudget) {
    this.limit = limit;
    this.spending = spending;
    this.gate = gate;
    this.whenOverBudget = whenOverBudget;
  }

  /// By the thread that reads: these have come.
  public void add(int more) {
    if (more == 0) {
      return;
    }
    boolean allowed = spending.chargeUnixFds(more);
    lock.lock();
    try {
      count += more;
      if (!allowed) {
        notCharged += more;
      }
      if (count >= limit) {
        gate.shut(Reason.UNIX_FDS);
      }
    } finally {
      lock.unlock();
    }
    if (!allowed) {
      whenOverBudget.run();
    }
  }

  /// These are closed, or somebody else's.
  public void remove(int less) {
    if (less == 0) {
      return;
    }
    int charged;
    boolean sendReader;
    lock.lock();
    try {
      count -= less;
      int free = Math.min(less, notCharged);
      notCharged -= free;
      charged = less - free;
      sendReader = count < limit && gate.open(Reason.UNIX_FDS);
    } finally {
      lock.unlock();
    }
    if (charged > 0) {
      spending.refundUnixFds(charged);
    }
    if (sendReader) {
      gate.sendReader();
    }
  }
}
