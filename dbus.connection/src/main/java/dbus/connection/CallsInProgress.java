package dbus.connection;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The calls of a peer that are not answered yet, for two ends: no more than a limit are with
/// handlers at a time, and, once the peer has ended its sending side, one knows when the last one
/// is answered.
///
/// Beyond the limit calls are parked, and begin, in their order, when others end. What is parked is
/// limited in bytes; only there the thread that reads waits, so that further calls stay in the
/// socket. To wait sooner would be wrong: handlers that call back need the replies which that
/// thread reads.
final class CallsInProgress {

  private final int limit;
  private final long parkedLimit;
  private final Runnable beforeWaiting;
  private final Runnable whenOver;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition lessParked = lock.newCondition();
  private final Queue<Parked> parked = new ArrayDeque<>();
  private long parkedBytes;
  private int running;

  /// Whether a thread is beginning parked calls. One at a time does, so that calls that end at once
  /// do not begin others inside each other.
  private boolean beginning;

  private boolean streamEnded;
  private boolean closed;

  /// A call that waits for others to end.
  ///
  /// @param begin has it begun, on another thread
  /// @param drop forgets it
  /// @param bytes what it keeps in memory, about
  record Parked(Runnable begin, Runnable drop, long bytes) {}

  /// @param limit of the calls that are with handlers
  /// @param parkedLimit in bytes, of those that wait
  /// @param beforeWaiting is run by the thread that reads when it is about to wait
  /// @param whenOver is run once, when the stream has ended and all calls have
  CallsInProgress(int limit, long parkedLimit, Runnable beforeWaiting, Runnable whenOver) {
    this.limit = limit;
    this.parkedLimit = parkedLimit;
    this.beforeWaiting = beforeWaiting;
    this.whenOver = whenOver;
  }

  /// Whether a call may begin at once. It counts as begun then; otherwise it is to be parked.
  boolean begin() {
    lock.lock();
    try {
      if (closed || running >= limit || !parked.isEmpty()) {
        return false;
      }
      running++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// By the thread that reads: leaves a call for later, and waits while too much is parked.
  void park(Parked call) throws InterruptedException {
    boolean added;
    lock.lockInterruptibly();
    try {
      if (parkedBytes > parkedLimit) {
        beforeWaiting.run();
      }
      while (!closed && parkedBytes > parkedLimit) {
        lessParked.await();
      }
      added = !closed;
      if (added) {
        parked.add(call);
        parkedBytes += call.bytes();
      }
    } finally {
      lock.unlock();
    }
    if (!added) {
      call.drop().run();
    }
    beginParked();
  }

  /// A call has ended.
  void end() {
    boolean over;
    lock.lock();
    try {
      running--;
      over = isOver();
    } finally {
      lock.unlock();
    }
    if (over) {
      whenOver.run();
    } else {
      beginParked();
    }
  }

  private void beginParked() {
    for (Parked next = next(false); next != null; next = next(true)) {
      next.begin().run();
    }
  }

  /// The next parked call that may begin, if no other thread is beginning some.
  private @Nullable Parked next(boolean mine) {
    lock.lock();
    try {
      if (beginning && !mine) {
        return null;
      }
      Parked next = running < limit ? parked.poll() : null;
      beginning = next != null;
      if (next != null) {
        running++;
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
    return streamEnded && running == 0 && parked.isEmpty();
  }

  /// No further call will begin, and nobody waits any more.
  void close() {
    List<Parked> dropped;
    lock.lock();
    try {
      closed = true;
      dropped = List.copyOf(parked);
      parked.clear();
      lessParked.signalAll();
    } finally {
      lock.unlock();
    }
    dropped.forEach(call -> call.drop().run());
  }
}
