package dbus.connection.delivery;

import dbus.connection.spending.Spending;
import dbus.connection.threads.LimitedLog;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Hands deliveries to an executor of the application's, each as a task of its own, when it is its
/// turn. A rejection is answered in its turn as well.
///
/// An executor may run a task in the very call that hands it over. When such a task is done, its
/// thread finds itself in [#submit] already, and leaves the next delivery to that loop; else
/// thousands that wait would be run inside each other.
final class Submission {

  private static final LimitedLog LOG = LimitedLog.of(Submission.class);

  /// The loop that the thread is in, if it is in one.
  private static final ThreadLocal<@Nullable Loop> IN_LOOP = new ThreadLocal<>();

  private static final class Loop {
    final Submission owner;
    final @Nullable Loop outer;
    @Nullable Delivery next;

    Loop(Submission owner, @Nullable Loop outer) {
      this.owner = owner;
      this.outer = outer;
    }
  }

  private final Executor executor;
  private final Deliveries deliveries;
  private final Spending spending;

  Submission(Executor executor, Deliveries deliveries, Spending spending) {
    this.executor = executor;
    this.deliveries = deliveries;
    this.spending = spending;
  }

  /// Hands a delivery over that has its turn.
  void submit(@Nullable Delivery first) {
    Loop around = IN_LOOP.get();
    if (around != null && equals(around.owner)) {
      around.next = first;
    } else {
      submitAnew(first);
    }
  }

  /// Hands a delivery over that has its turn, though the thread may be in the middle of a task that
  /// is about to wait.
  void submitAnew(@Nullable Delivery first) {
    Loop mine = new Loop(this, IN_LOOP.get());
    IN_LOOP.set(mine);
    try {
      for (Delivery next = first; next != null; next = mine.next) {
        mine.next = null;
        if (!execute(next)) {
          mine.next = deliveries.over(next);
        }
        if (mine.next != null) {
          // What was interrupted was that handler, if it ran here.
          boolean _ = Thread.interrupted();
        }
      }
    } finally {
      if (mine.outer == null) {
        IN_LOOP.remove();
      } else {
        IN_LOOP.set(mine.outer);
      }
    }
  }

  /// @return whether it is run, on whichever thread
  private boolean execute(Delivery one) {
    boolean charged = spending.chargeHandler();
    // Taken by whoever runs it, or refuses it.
    AtomicBoolean claimed = new AtomicBoolean();
    if (charged) {
      try {
        executor.execute(() -> run(one, claimed));
        return true;
      } catch (Throwable e) {
        LOG.warning("the executor does not take a handler", e);
      }
    }
    // It may have been run all the same.
    if (!claimed.compareAndSet(false, true)) {
      return true;
    }
    if (charged) {
      spending.handlerReturned();
    }
    if (!one.refuse()) {
      deliveries.run(one);
    }
    return false;
  }

  private void run(Delivery one, AtomicBoolean claimed) {
    if (!claimed.compareAndSet(false, true)) {
      return;
    }
    try {
      deliveries.run(one);
    } finally {
      spending.handlerReturned();
    }
    submit(deliveries.over(one));
  }
}
