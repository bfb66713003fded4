package dbus.connection.spending;

/// What one queue of a connection takes of the [budget][dbus.connection.Budget].
///
/// The budget is shared by many threads, and a queue changes with every message. So a share covers
/// more than there is: a little for free, then whole grains. As long as the queue stays within what
/// is covered, all that is asked of a share is a comparison.
///
/// Guarded by the lock of the queue, or by the thread that reads.
public final class Share {

  /// What each of the queues has for free, in bytes.
  public static final long FREE = 16 << 10;

  /// What is charged and refunded at a time, in bytes.
  public static final long GRAIN = 64 << 10;

  private final Spending spending;
  private final long free;
  private long covered;

  /// @param free in bytes
  public Share(Spending spending, long free) {
    this.spending = spending;
    this.free = free;
    this.covered = free;
  }

  /// Says how much there is now.
  ///
  /// @return whether the budget allows it; if not, the connection is to end, and what is covered
  ///   stays what it was
  public boolean holds(long bytes) {
    if (bytes > covered) {
      return coverMore(bytes);
    }
    if (covered > free && (bytes == 0 || covered - bytes >= 2 * GRAIN)) {
      coverLess(bytes);
    }
    return true;
  }

  private boolean coverMore(long bytes) {
    long wanted = covering(bytes);
    if (!spending.chargeBytes(wanted - covered)) {
      return false;
    }
    covered = wanted;
    return true;
  }

  private void coverLess(long bytes) {
    long wanted = covering(bytes);
    spending.refundBytes(covered - wanted);
    covered = wanted;
  }

  private long covering(long bytes) {
    long grains = (Math.max(0, bytes - free) + GRAIN - 1) / GRAIN;
    return free + grains * GRAIN;
  }
}
