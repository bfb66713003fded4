package dbus.connection.reading;

import dbus.connection.threads.LimitedLog;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Which thread reads from a connection, and how that passes to another one.
///
/// The thread that reads runs the user's code itself, since a hop to another thread costs about as
/// much as the whole round trip. That code may block all the same: then the role passes to another
/// thread, which reads on, and the first one leaves when the user's code returns. The role passes
/// when the [ReadingWatch] sees the same code running for some rounds, or at once when the code is
/// about to wait for something that this library knows of, such as a reply.
///
/// `step` is even while the holder works for the library, and odd while it runs the user's code;
/// every change adds one. Whoever makes the step from odd to even has the role: the holder, who
/// then goes on reading, or whoever relieves it, and starts another thread. All that the holder has
/// written is visible to the next one by that step. While the other thread is being started, the
/// step is negative, and whoever needs to know it waits; if no thread can be started, it becomes
/// what it was, and the holder keeps the role.
///
/// This is back pressure's friend, not its place: a thread that leaves since too much waits does so
/// at the [ReadingGate].
public final class ReadingRole {
  private static final LimitedLog LOG = LimitedLog.of(ReadingRole.class);

  /// How many rounds of the watch without any of the user's code until it looks no more.
  private static final int QUIET_ROUNDS = 20;

  /// How many rounds the watch waits where nobody could be relieved, until it tries again.
  private static final int ROUNDS_OF_REST = 100;

  /// How many rounds the user's code may run until the holder is relieved. One that waits is
  /// relieved after the first; one that only lacks a processor need not be.
  private static final int PATIENT_ROUNDS = 4;

  private static final ThreadLocal<Holder> OF_THREAD = new ThreadLocal<>();

  private final AtomicLong step = new AtomicLong();
  private final AtomicBoolean watched = new AtomicBoolean();
  private final Relief relief;

  private volatile @Nullable Holder holder;

  /// Whether a round of the watch has passed since the holder last asked.
  private volatile boolean late;

  /// Of the code that runs; written by the holder before its step.
  private Pace pace = new Pace();

  // Of the watch alone.
  private long seen;
  private int rounds;

  /// What it takes to let another thread read.
  public interface Relief {

    /// Starts another thread that reads; throws if it cannot.
    ///
    /// @param busy of the code that keeps the one that read
    /// @return false if it must not
    boolean begin(Pace busy);

    /// A thread that was relieved does nothing more for the connection; on that thread.
    void end();
  }

  /// A thread that reads, or did.
  private static final class Holder {
    final ReadingRole role;
    final Thread thread = Thread.currentThread();

    /// The step in which it runs the user's code; 0 otherwise. Of the thread alone.
    long entered;

    Holder(ReadingRole role) {
      this.role = role;
    }
  }

  public ReadingRole(Relief relief) {
    this.relief = relief;
  }

  /// The calling thread reads from now on.
  public void taken() {
    awaitPassed();
    Holder mine = holder;
    if (mine == null || !mine.thread.equals(Thread.currentThread())) {
      mine = new Holder(this);
      holder = mine;
    }
    OF_THREAD.set(mine);
  }

  /// The calling thread reads no more, and will read from others: it is not to keep this in memory.
  /// Does nothing if it reads from another connection.
  public void left() {
    Holder mine = OF_THREAD.get();
    if (mine != null && equals(mine.role)) {
      OF_THREAD.remove();
    }
  }

  /// Whether the calling thread reads, and is not relieved by waiting.
  public boolean isMine() {
    Holder mine = OF_THREAD.get();
    return mine != null && mine.equals(holder) && mine.entered == 0;
  }

  /// By the holder: the user's code begins. It must not throw.
  ///
  /// @return what to leave with
  public long enter(Pace pace) {
    // Left by what ran here before, such as a filter: the code that is entered has nothing to do
    // with it (CONN-52).
    boolean _ = Thread.interrupted();
    this.pace = pace;
    long entered = step.get() + 1;
    Holder mine = OF_THREAD.get();
    mine.entered = entered;
    step.set(entered);
    if (!watched.get() && watched.compareAndSet(false, true) && !ReadingWatch.add(this)) {
      watched.set(false);
    }
    return entered;
  }

  /// The user's code is over.
  ///
  /// @return whether the calling thread still reads; if not, it must not touch anything of the
  ///   connection's reading any more, and says so by [#retire()] when it does nothing more for the
  ///   connection at all
  public boolean leave(long entered) {
    while (!step.compareAndSet(entered, entered + 1)) {
      // A relief that fails puts the step back: so only a third value tells that one succeeded.
      long now = step.get();
      if (now != entered && now != -entered) {
        return left(false);
      }
      giveWay();
    }
    return left(true);
  }

  private boolean left(boolean reads) {
    Holder mine = OF_THREAD.get();
    mine.entered = 0;
    // What was interrupted was the user's code, which has no more to do with this thread.
    Thread.interrupted();
    return reads;
  }

  /// By a thread that has been relieved: it is free for others.
  public void retire() {
    relief.end();
  }

  /// After an exception, which may have come from anywhere: whether the calling thread still reads.
  /// If not, it has retired.
  public boolean stillReads() {
    Holder mine = OF_THREAD.get();
    if (mine == null) {
      return false;
    }
    if (mine.entered == 0) {
      return mine.equals(holder);
    }
    boolean reads = leave(mine.entered);
    if (!reads) {
      retire();
    }
    return reads;
  }

  /// Whether the holder has been dealing with what it read for a while.
  public boolean takeLate() {
    boolean was = late;
    if (was) {
      late = false;
    }
    return was;
  }

  /// Lets another thread read, if the calling one runs the user's code in the role of a reader, of
  /// whichever connection: it is about to wait.
  public static void passFromHere() {
    Holder mine = OF_THREAD.get();
    if (mine != null && mine.entered != 0) {
      var _ = mine.role.pass(mine.entered);
    }
  }

  /// Whether the calling thread runs the user's code and reads all the same, since nobody else can
  /// or may: what it would wait for from this peer is not going to be read. To be asked when it has
  /// tried to pass the role.
  public boolean isStuckHere() {
    Holder mine = OF_THREAD.get();
    if (mine == null || !equals(mine.role) || mine.entered == 0) {
      return false;
    }
    awaitPassed();
    return step.get() == mine.entered;
  }

  /// @return false if nobody else can read
  private boolean pass(long entered) {
    Pace slow = pace;
    Holder busy = holder;
    if (!step.compareAndSet(entered, -entered)) {
      return true;
    }
    boolean begun = false;
    try {
      slow.tookLong();
      holder = null;
      begun = relief.begin(slow);
    } catch (RuntimeException | Error e) {
      LOG.warning("no thread can be started; nothing is read while a handler runs", e);
    }
    if (begun) {
      step.set(entered + 1);
    } else {
      holder = busy;
      step.set(entered);
    }
    return begun;
  }

  private void awaitPassed() {
    while (step.get() < 0) {
      giveWay();
    }
  }

  /// To whoever passes the role, which takes a moment, unless it is the processor that is lacking.
  @SuppressWarnings("ThreadPriorityCheck")
  private static void giveWay() {
    Thread.yield();
  }

  /// By the watch, once a round.
  ///
  /// @return whether to look again
  public boolean look() {
    late = true;
    long now = step.get();
    if (now != seen) {
      seen = now;
      rounds = 0;
      return true;
    }
    if (now < 0) {
      // It is being relieved already, by itself: a thread takes long to start where all are busy.
      return true;
    }
    rounds++;
    if (isEntered(now)) {
      boolean enough = rounds >= PATIENT_ROUNDS || (rounds > 0 && isWaiting(holder));
      if (enough && !pass(now)) {
        // Many connections at the limit of their user must not keep the watch busy.
        rounds = -ROUNDS_OF_REST;
      }
      return true;
    }
    if (rounds < QUIET_ROUNDS) {
      return true;
    }
    rounds = 0;
    watched.set(false);
    // The holder may have entered before it could see that. If it has seen it, it is added anew.
    return step.get() != now && watched.compareAndSet(false, true);
  }

  private static boolean isWaiting(@Nullable Holder holder) {
    return holder != null
        && switch (holder.thread.getState()) {
          case BLOCKED, WAITING, TIMED_WAITING -> true;
          case NEW, RUNNABLE, TERMINATED -> false;
        };
  }

  private static boolean isEntered(long step) {
    return step > 0 && (step & 1) != 0;
  }
}
