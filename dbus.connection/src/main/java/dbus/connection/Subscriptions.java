package dbus.connection;

import dbus.connection.jfr.HandlerRun;
import dbus.wire.Signal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes the signals of one peer to their handlers, in the order in which they came.
///
/// The thread that reads finds out who wants a signal. It runs the handlers itself, if nothing is
/// queued and they are known to be quick; otherwise it queues the signal. Nothing is queued that
/// nobody wants. One thread at a time works the queue off, on the executor, or because it was
/// relieved of reading while it ran handlers: `working` says whether there is one, and is only
/// touched under the lock. What waits is limited by its size in bytes; beyond that the thread that
/// reads waits, so that the peer's further messages stay in the socket. A handler that makes a call
/// then waits for a reply that nobody reads, until the call's deadline: it is for handlers to be
/// quick, or to hand on what takes long.
final class Subscriptions {

  private static final Logger LOG = System.getLogger(Subscriptions.class.getName());

  private final ReadingRole role;
  private final Optional<Executor> executor;
  private final Events events;
  private final Pace pace = new Pace();
  private final long limit;
  private final Share share;
  private final Runnable whenOverBudget;
  private final HeldUnixFds heldUnixFds;
  private final Runnable beforeWaiting;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition worked = lock.newCondition();
  private final Queue<Delivery> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean working;
  private boolean closed;

  private record Delivery(Signal signal, List<Subscription> to) {

    /// What it keeps in memory, about.
    long bytes() {
      return 256L + signal.retainedBytes();
    }

    void close(HeldUnixFds held) {
      UnixFd.closeAll(signal);
      held.remove(signal.unixFds());
    }
  }

  /// @param limit in bytes, of the signals that wait for a handler
  /// @param share of the budget, for these
  /// @param whenOverBudget is run by the thread that reads if the budget does not allow them
  /// @param beforeWaiting is run by the thread that reads when it is about to wait
  Subscriptions(
      ReadingRole role,
      Optional<Executor> executor,
      Events events,
      long limit,
      Share share,
      Runnable whenOverBudget,
      HeldUnixFds heldUnixFds,
      Runnable beforeWaiting) {
    this.beforeWaiting = beforeWaiting;
    this.role = role;
    this.executor = executor;
    this.events = events;
    this.limit = limit;
    this.share = share;
    this.whenOverBudget = whenOverBudget;
    this.heldUnixFds = heldUnixFds;
  }

  Subscription add(SignalMatch match, Consumer<Signal> handler) {
    Subscription subscription = new Subscription(this, match, handler);
    subscriptions.add(subscription);
    return subscription;
  }

  void remove(Subscription subscription) {
    subscriptions.remove(subscription);
  }

  /// By the thread that reads.
  ///
  /// @return whether the calling thread still reads
  boolean received(Signal signal) throws InterruptedException {
    List<Subscription> to = subscriptions.stream().filter(one -> one.wants(signal)).toList();
    if (to.isEmpty()) {
      UnixFd.closeAll(signal);
      return true;
    }
    Delivery delivery = new Delivery(signal, to);
    heldUnixFds.add(signal.unixFds());
    if (executor.isEmpty() && pace.isQuick() && beginAlone()) {
      return deliverHere(delivery);
    }
    boolean allowed;
    lock.lockInterruptibly();
    try {
      if (queuedBytes > limit) {
        beforeWaiting.run();
      }
      while (!closed && queuedBytes > limit) {
        worked.await();
      }
      if (closed) {
        delivery.close(heldUnixFds);
        return true;
      }
      queue.add(delivery);
      queuedBytes += delivery.bytes();
      allowed = share.holds(queuedBytes);
      if (allowed && working) {
        return true;
      }
      working = true;
    } finally {
      lock.unlock();
    }
    if (!allowed) {
      whenOverBudget.run();
      return true;
    }
    try {
      executor.orElse(HandlerThreads.EXECUTOR).execute(this::workElsewhere);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.WARNING, "no thread is free for a signal; the connection's thread delivers", e);
      work();
    }
    return true;
  }

  private boolean beginAlone() {
    lock.lock();
    try {
      if (working || closed) {
        return false;
      }
      working = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean deliverHere(Delivery delivery) {
    long entered = role.enter(pace);
    deliver(delivery);
    boolean reads = role.leave(entered);
    // Empty, unless another thread has been reading meanwhile.
    work();
    return reads;
  }

  private void workElsewhere() {
    long begun = System.nanoTime();
    int count = work();
    pace.tookElsewhere((System.nanoTime() - begun) / Math.max(1, count));
  }

  private int work() {
    int count = 0;
    for (Delivery next = next(); next != null; next = next()) {
      deliver(next);
      count++;
    }
    return count;
  }

  private void deliver(Delivery delivery) {
    try {
      for (Subscription subscription : delivery.to()) {
        deliver(subscription, delivery.signal());
      }
    } finally {
      delivery.close(heldUnixFds);
    }
  }

  private void deliver(Subscription subscription, Signal signal) {
    HandlerRun event = Events.begin();
    try {
      subscription.deliver(signal);
    } catch (Throwable e) {
      // The peer is not told, and the next handler still gets its signal.
      LOG.log(Level.WARNING, "a handler of " + signal + " failed", e);
    }
    events.handled(event, signal);
  }

  private @Nullable Delivery next() {
    lock.lock();
    try {
      Delivery next = closed ? null : queue.poll();
      if (next == null) {
        working = false;
      } else {
        queuedBytes -= next.bytes();
        var _ = share.holds(queuedBytes);
      }
      worked.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// What waits is forgotten: after the end of a connection no handler begins.
  void close() {
    lock.lock();
    try {
      closed = true;
      queue.forEach(delivery -> delivery.close(heldUnixFds));
      queue.clear();
      queuedBytes = 0;
      var _ = share.holds(0);
      worked.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
