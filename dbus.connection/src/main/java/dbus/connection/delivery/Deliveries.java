package dbus.connection.delivery;

import dbus.connection.outgoing.Burst;
import dbus.connection.reading.Pace;
import dbus.connection.reading.ReadingRole;
import dbus.connection.spending.Spending;
import dbus.connection.threads.Deadlines;
import dbus.connection.threads.HandlerThreads;
import dbus.connection.threads.LimitedLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Takes the calls and signals of one peer to their handlers, and sees to their order (CONN-54):
/// which handler begins next is decided by the [Turns]; here is decided on which thread.
///
/// - The thread that reads serves what comes while nothing waits, if it is known to be quick.
/// - What is known to take long is served by a [worker][#work]: one of the [HandlerThreads], which
///   goes on with what waits behind it, for a bounded time, and then queues again.
/// - A thread that was relieved of reading while it ran a handler becomes a worker.
/// - If the application has given an executor, each delivery is a task of its own there, submitted
///   when the one before gives its turn back.
///
/// Every method is safe on any thread, but for those that say they are for the thread that reads.
/// No lock is held while a handler, an executor, or another part of the connection is called.
public final class Deliveries {

  private static final LimitedLog LOG = LimitedLog.of(Deliveries.class);

  /// How long a worker goes on before it queues again, so that one peer cannot keep a thread of the
  /// pool for itself.
  private static final long LONGEST_STINT = Duration.ofMillis(10).toNanos();

  private static final Duration RETRY = Duration.ofMillis(100);

  /// What the thread runs at this moment.
  private static final ThreadLocal<@Nullable Delivery> RUNNING = new ThreadLocal<>();

  private final Turns turns;
  private final Spending spending;
  private final ReadingRole role;
  private final Burst burst;
  private final @Nullable Submission submission;

  /// Whether it is tried again soon to find a thread for what waits.
  private final AtomicBoolean retrying = new AtomicBoolean();

  /// What the executor of the application takes.
  private final Pace submitting = new Pace();

  /// @param executor of the application's
  /// @param burst what workers send
  public Deliveries(
      Turns turns, Spending spending, ReadingRole role, Optional<Executor> executor, Burst burst) {
    this.turns = turns;
    this.spending = spending;
    this.role = role;
    this.burst = burst;
    this.submission = executor.map(one -> new Submission(one, this, spending)).orElse(null);
  }

  /// By the thread that reads: a call or a signal has come.
  ///
  /// @return whether the calling thread still reads
  public boolean deliver(Delivery come) {
    return serve(turns.arrive(come));
  }

  /// By the thread that reads: a signal has come, for several who want it. Nothing gets in between.
  ///
  /// @return whether the calling thread still reads
  public boolean deliver(List<? extends Delivery> together) {
    Delivery next = null;
    for (Delivery one : together) {
      Delivery first = turns.arrive(one);
      next = first != null ? first : next;
    }
    return serve(next);
  }

  private boolean serve(@Nullable Delivery next) {
    if (next == null) {
      return true;
    }
    return submission == null ? serveHere(next) : submitHere(submission, next);
  }

  /// By the thread that reads: serves what has its turn, and what comes after it.
  private boolean serveHere(Delivery first) {
    Delivery next = first;
    try {
      while (next != null) {
        enter(next);
        Pace finding = next.paceOfFinding();
        // Once: threads that serve others may change it at any time.
        boolean findsHere = finding == null || finding.isQuick();
        if (finding != null && findsHere) {
          long entered = role.enter(finding);
          var _ = next.find();
          if (!role.leave(entered)) {
            exit(next);
            workAsRelieved(next);
            return false;
          }
        }
        Pace pace = findsHere ? next.find() : finding;
        if (pace != null && !(findsHere && pace.isQuick())) {
          exit(next);
          if (startWorker(next)) {
            return true;
          }
          enter(next);
          pace = next.refuse() ? null : pace;
        }
        boolean reads = pace == null || handleHere(next, pace);
        exit(next);
        next = turns.over(next);
        if (!reads) {
          workAsRelieved(next);
          return false;
        }
      }
      return true;
    } catch (RuntimeException | Error e) {
      RUNNING.set(null);
      if (next != null) {
        next.drop();
      }
      throw e;
    }
  }

  private boolean handleHere(Delivery one, Pace pace) {
    beginIfConcurrent(one);
    long entered = role.enter(pace);
    one.handle();
    return role.leave(entered);
  }

  private void workAsRelieved(@Nullable Delivery next) {
    try {
      work(next);
    } finally {
      role.retire();
    }
  }

  /// By the thread that reads: an executor may be slow to take a task, or run it itself.
  private boolean submitHere(Submission to, Delivery first) {
    long entered = role.enter(submitting);
    to.submit(first);
    boolean reads = role.leave(entered);
    if (!reads) {
      role.retire();
    }
    return reads;
  }

  /// Has a worker begin with a delivery that has its turn, or with whatever has its turn then.
  ///
  /// @return false if there is none to be had
  private boolean startWorker(@Nullable Delivery first) {
    try {
      return spending.startHandler(
          () -> HandlerThreads.EXECUTOR.execute(() -> workAndReturn(first)));
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.warning("no thread is free for a handler", e);
      return false;
    }
  }

  private void workAndReturn(@Nullable Delivery first) {
    try {
      work(first != null ? first : turns.take());
    } finally {
      spending.handlerReturned();
    }
  }

  /// Serves what waits, beginning with a delivery that has its turn.
  private void work(@Nullable Delivery first) {
    long end = System.nanoTime() + LONGEST_STINT;
    Delivery next = first;
    while (next != null) {
      run(next);
      // What was interrupted was that handler, which has no more to do with this thread.
      boolean _ = Thread.interrupted();
      next = turns.over(next);
      if (next != null && System.nanoTime() - end > 0) {
        if (startWorker(next)) {
          return;
        }
        end = System.nanoTime() + LONGEST_STINT;
      }
    }
  }

  /// On another thread than the one that reads: runs what has its turn, and says how long it took.
  void run(Delivery one) {
    burst.begin();
    enter(one);
    try {
      long begun = System.nanoTime();
      Pace pace = one.find();
      Pace finding = one.paceOfFinding();
      if (finding != null) {
        finding.tookElsewhere(System.nanoTime() - begun);
      }
      if (pace != null) {
        beginIfConcurrent(one);
        begun = System.nanoTime();
        one.handle();
        pace.tookElsewhere(System.nanoTime() - begun);
      }
    } catch (RuntimeException | Error e) {
      // Handlers are survived where they are run: this is a lack of memory, or a bug.
      LOG.warning("serving a message failed", e);
      one.drop();
    } finally {
      exit(one);
      burst.end();
    }
  }

  private void enter(Delivery one) {
    one.owner = this;
    one.outer = RUNNING.get();
    RUNNING.set(one);
  }

  private static void exit(Delivery one) {
    // Not removed, where there is none: to enter the thread anew would cost more.
    RUNNING.set(one.outer);
    one.outer = null;
  }

  private void beginIfConcurrent(Delivery one) {
    if (one.isConcurrent() && turns.release(one, false)) {
      goOn();
    }
  }

  /// The calling thread is about to wait for a reply of the peer: if it runs a handler of this
  /// connection, that gives its turn back, so that the peer may call back meanwhile.
  public void waitsForPeer() {
    for (Delivery one = RUNNING.get(); one != null; one = one.outer) {
      if (equals(one.owner) && turns.release(one, true)) {
        goOn();
      }
    }
  }

  /// A call is answered, or will not be.
  public void answered(Delivery call) {
    if (turns.answered(call)) {
      goOn();
    }
  }

  /// What kept handlers from beginning may be gone: has those begin that may, on another thread.
  public void goOn() {
    if (!turns.mayGoOn()) {
      return;
    }
    if (submission != null) {
      submission.submitAnew(turns.take());
    } else if (!startWorker(null)) {
      goOnSoon();
    }
  }

  /// Whoever runs a handler now goes on when it returns; but perhaps nobody does.
  private void goOnSoon() {
    if (!retrying.compareAndSet(false, true)) {
      return;
    }
    try {
      var _ = Deadlines.after(RETRY, this::retry);
    } catch (RuntimeException | Error e) {
      retrying.set(false);
      throw e;
    }
  }

  /// There was no thread, and may be none for long: what waits must not wait for that, since a
  /// handler may wait for the peer, which waits for an answer to a call that waits.
  private void retry() {
    retrying.set(false);
    if (!turns.mayGoOn() || startWorker(null)) {
      return;
    }
    for (Delivery call = turns.takeCall(); call != null; call = turns.takeCall()) {
      var _ = call.refuse();
      var _ = turns.release(call, false);
    }
    if (turns.mayGoOn()) {
      // A signal, which cannot be refused.
      goOnSoon();
    }
  }

  /// After a delivery that was a task of the application's executor.
  @Nullable Delivery over(Delivery one) {
    return turns.over(one);
  }

  /// No further call or signal will come.
  public void streamEnded() {
    turns.streamEnded();
  }

  /// Takes no more calls.
  ///
  /// @return completes when the last one is answered, or when the connection has ended
  public CompletionStage<Void> finish() {
    return turns.finish();
  }

  /// No further handler will begin.
  public void close() {
    turns.close();
  }
}
