package dbus.connection;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The calls of a peer that are not answered yet, for three ends: no more than a limit are with
/// handlers at a time; once the peer has ended its sending side, or this side takes no more calls,
/// one knows when the last one is answered; and what they keep in memory is charged to the budget.
///
/// Beyond the limit, be it of their number or of their bytes, calls are parked, and begin, in their
/// order, when others end. What is parked is limited in bytes; only there the thread that reads
/// waits, so that further calls stay in the socket. To wait sooner would be wrong: handlers that
/// call back need the replies which that thread reads.
final class CallsInProgress {

  private static final Logger LOG = System.getLogger(CallsInProgress.class.getName());

  private final int limit;
  private final long bytesLimit;
  private final Share share;
  private final Runnable whenOverBudget;
  private final Runnable beforeWaiting;
  private final Runnable whenOver;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition lessParked = lock.newCondition();
  private final Queue<Parked> parked = new ArrayDeque<>();
  private long parkedBytes;
  private long runningBytes;
  private int running;

  /// Whether a thread is beginning parked calls. One at a time does, so that calls that end at once
  /// do not begin others inside each other.
  private boolean beginning;

  private boolean streamEnded;
  private boolean finishing;
  private boolean closed;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();

  /// What becomes of a call that has come.
  enum Entry {
    /// It counts as begun.
    BEGUN,
    /// It is to be parked.
    LATER,
    /// No more calls are taken.
    REFUSED
  }

  /// A call that waits for others to end.
  ///
  /// @param begin has it begun, on another thread
  /// @param drop forgets it
  /// @param bytes what it keeps in memory, about
  record Parked(Runnable begin, Runnable drop, long bytes) {}

  /// @param limit of the calls that are with handlers
  /// @param bytesLimit of those that are with handlers, if they are several, and again of those
  ///   that wait
  /// @param share of the budget, for both
  /// @param whenOverBudget is run by the thread that reads if the budget does not allow one
  /// @param beforeWaiting is run by the thread that reads when it is about to wait
  /// @param whenOver is run once, when the stream has ended and all calls have
  CallsInProgress(
      int limit,
      long bytesLimit,
      Share share,
      Runnable whenOverBudget,
      Runnable beforeWaiting,
      Runnable whenOver) {
    this.limit = limit;
    this.bytesLimit = bytesLimit;
    this.share = share;
    this.whenOverBudget = whenOverBudget;
    this.beforeWaiting = beforeWaiting;
    this.whenOver = whenOver;
  }

  /// By the thread that reads: whether a call may begin at once.
  ///
  /// @param bytes what it keeps in memory, about
  Entry enter(long bytes) {
    lock.lock();
    try {
      if (finishing) {
        return Entry.REFUSED;
      }
      if (closed || !parked.isEmpty() || !hasRoomFor(bytes)) {
        return Entry.LATER;
      }
      if (share.holds(runningBytes + bytes)) {
        running++;
        runningBytes += bytes;
        return Entry.BEGUN;
      }
    } finally {
      lock.unlock();
    }
    whenOverBudget.run();
    return Entry.LATER;
  }

  private boolean hasRoomFor(long bytes) {
    return running == 0 || (running < limit && runningBytes + bytes <= bytesLimit);
  }

  /// By the thread that reads: leaves a call for later, and waits while too much is parked.
  void park(Parked call) throws InterruptedException {
    boolean added;
    boolean allowed = true;
    lock.lockInterruptibly();
    try {
      if (parkedBytes > bytesLimit) {
        beforeWaiting.run();
      }
      while (!closed && parkedBytes > bytesLimit) {
        lessParked.await();
      }
      added = !closed;
      if (added) {
        parked.add(call);
        parkedBytes += call.bytes();
        allowed = share.holds(runningBytes + parkedBytes);
      }
    } finally {
      lock.unlock();
    }
    if (!added) {
      call.drop().run();
    }
    if (!allowed) {
      whenOverBudget.run();
    }
    beginParked();
  }

  /// A call has ended.
  ///
  /// @param bytes as when it was entered
  void end(long bytes) {
    boolean over;
    boolean last;
    lock.lock();
    try {
      running--;
      runningBytes -= bytes;
      var _ = share.holds(runningBytes + parkedBytes);
      over = isOver();
      last = finishing && isIdle();
    } finally {
      lock.unlock();
    }
    if (last) {
      finished.complete(null);
    }
    if (over) {
      whenOver.run();
    } else {
      beginParked();
    }
  }

  private void beginParked() {
    for (Parked next = next(false); next != null; next = next(true)) {
      try {
        next.begin().run();
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "a call that waited is dropped: it could not begin", e);
        next.drop().run();
        end(next.bytes());
      }
    }
  }

  /// The next parked call that may begin, if no other thread is beginning some.
  private @Nullable Parked next(boolean mine) {
    lock.lock();
    try {
      if (beginning && !mine) {
        return null;
      }
      Parked first = parked.peek();
      Parked next = first != null && hasRoomFor(first.bytes()) ? parked.remove() : null;
      beginning = next != null;
      if (next != null) {
        running++;
        runningBytes += next.bytes();
        parkedBytes -= next.bytes();
        lessParked.signalAll();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// No further call will come.
  void streamEnded() {
    boolean over;
    lock.lock();
    try {
      streamEnded = true;
      over = isOver();
    } finally {
      lock.unlock();
    }
    if (over) {
      whenOver.run();
    }
  }

  private boolean isOver() {
    return streamEnded && isIdle();
  }

  private boolean isIdle() {
    return running == 0 && parked.isEmpty();
  }

  /// Takes no more calls.
  ///
  /// @return completes when the last one is answered, or when the connection has ended
  CompletionStage<Void> finish() {
    boolean last;
    lock.lock();
    try {
      finishing = true;
      last = closed || isIdle();
    } finally {
      lock.unlock();
    }
    if (last) {
      finished.complete(null);
    }
    return finished.minimalCompletionStage();
  }

  /// No further call will begin, and nobody waits any more.
  void close() {
    List<Parked> dropped;
    lock.lock();
    try {
      closed = true;
      dropped = List.copyOf(parked);
      parked.clear();
      parkedBytes = 0;
      var _ = share.holds(runningBytes);
      lessParked.signalAll();
    } finally {
      lock.unlock();
    }
    finished.complete(null);
    dropped.forEach(call -> call.drop().run());
  }
}
