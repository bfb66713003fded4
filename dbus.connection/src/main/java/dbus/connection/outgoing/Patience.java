package dbus.connection.outgoing;

import dbus.connection.threads.Deadlines;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// How long a peer may take nothing while more waits for it than may. Each time that something is
/// taken it begins anew: one that is slow is waited for.
///
/// Guarded by the lock of the [Outbox].
final class Patience {

  /// It is counted in nanoseconds.
  static final Duration LONGEST = Deadlines.LONGEST;

  private final Duration limit;
  private final Runnable look;
  private @Nullable Future<?> deadline;
  private long since;

  /// @param look is run, on any thread, when it may be [over][#isOver()]
  Patience(Duration limit, Runnable look) {
    this.limit = limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
    this.look = look;
  }

  Duration limit() {
    return limit;
  }

  /// Too much waits.
  void begin() {
    if (deadline == null) {
      since = System.nanoTime();
      deadline = Deadlines.after(limit, look);
    }
  }

  /// The peer has taken something.
  void taken() {
    since = System.nanoTime();
  }

  /// No longer does too much wait.
  void end() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /// When it may be over: whether it is; if not, that is looked at again later.
  boolean isOver() {
    if (deadline == null) {
      return false;
    }
    Duration left = limit.minusNanos(System.nanoTime() - since);
    if (!left.isPositive()) {
      return true;
    }
    end();
    deadline = Deadlines.after(left, look);
    return false;
  }
}
