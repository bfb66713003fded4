package dbus.connection;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Which thread reads from a connection, and how that passes to another one.
///
/// The thread that reads runs the user's code itself, since a hop to another thread costs about as
/// much as the whole round trip. That code may block all the same: then the role passes to another
/// thread, which reads on, and the first one leaves when the user's code returns. The role passes
/// when the [ReadingWatch] sees the same code running for a round, or at once when the code is
/// about to wait for something that this library knows of, such as a reply.
///
/// `turn` is even while the holder works for the library, and odd while it runs the user's code;
/// every change adds one. Whoever makes the step from odd to even has the role: the holder, who
/// then goes on reading, or whoever relieves it, and starts another thread. All that the holder has
/// written is visible to the next one by that step.
final class ReadingRole {
  /// How many rounds of the watch without any of the user's code until it looks no more.
  private static final int QUIET_ROUNDS = 20;

  /// How many rounds the user's code may run until the holder is relieved. One that waits is
  /// relieved after the first; one that only lacks a processor need not be.
  private static final int PATIENT_ROUNDS = 4;

  private static final ThreadLocal<ReadingRole> OF_THREAD = new ThreadLocal<>();

  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicBoolean watched = new AtomicBoolean();
  private final Runnable reader;

  private volatile @Nullable Thread holder;

  /// Of the code that runs; written by the holder before its turn.
  private Pace pace = new Pace();

  // Of the watch alone.
  private int seen;
  private int rounds;

  /// @param reader starts another thread that reads, or ends the connection
  ReadingRole(Runnable reader) {
    this.reader = reader;
  }

  /// The calling thread reads from now on.
  void taken() {
    Thread current = Thread.currentThread();
    if (!current.equals(holder)) {
      holder = current;
      OF_THREAD.set(this);
    }
  }

  boolean isMine() {
    return Thread.currentThread().equals(holder);
  }

  /// By the holder: the user's code begins.
  ///
  /// @return what to leave with
  int enter(Pace pace) {
    this.pace = pace;
    int entered = turn.get() + 1;
    turn.set(entered);
    if (!watched.get() && watched.compareAndSet(false, true)) {
      ReadingWatch.add(this);
    }
    return entered;
  }

  /// The user's code is over.
  ///
  /// @return whether the calling thread still reads; if not, it must not touch anything of the
  ///   connection's reading any more
  boolean leave(int entered) {
    return turn.compareAndSet(entered, entered + 1);
  }

  /// Lets another thread read, if the calling one runs the user's code in the role of a reader, of
  /// whichever connection: it is about to wait.
  static void passFromHere() {
    ReadingRole role = OF_THREAD.get();
    if (role != null && role.isMine()) {
      role.passIfEntered();
    }
  }

  private void passIfEntered() {
    int now = turn.get();
    if (isEntered(now)) {
      pass(now);
    }
  }

  private void pass(int entered) {
    Pace slow = pace;
    if (turn.compareAndSet(entered, entered + 1)) {
      slow.tookLong();
      holder = null;
      reader.run();
    }
  }

  /// By the watch, once a round.
  ///
  /// @return whether to look again
  boolean look() {
    int now = turn.get();
    if (now != seen) {
      seen = now;
      rounds = 0;
      return true;
    }
    rounds++;
    if (isEntered(now)) {
      if (rounds >= PATIENT_ROUNDS || isWaiting(holder)) {
        pass(now);
      }
      return true;
    }
    if (rounds < QUIET_ROUNDS) {
      return true;
    }
    rounds = 0;
    watched.set(false);
    // The holder may have entered before it could see that. If it has seen it, it is added anew.
    return turn.get() != now && watched.compareAndSet(false, true);
  }

  private static boolean isWaiting(@Nullable Thread thread) {
    return thread != null
        && switch (thread.getState()) {
          case BLOCKED, WAITING, TIMED_WAITING -> true;
          case NEW, RUNNABLE, TERMINATED -> false;
        };
  }

  private static boolean isEntered(int turn) {
    return (turn & 1) != 0;
  }
}
