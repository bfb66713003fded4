package dbus.server;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The peers whose handshakes are not over, of which there are so many and no more.
///
/// Whoever accepts a peer waits here for room. Meanwhile nobody accepts, and further peers stay in
/// the backlog of the kernel. Room comes when a handshake is over; or, since somebody waits, when a
/// peer has owed its next line for longer than the grace: then its handshake is over here and now.
/// See [ServerLimits].
///
/// Who is put out has [ended][Guest#end()] under the lock: it is told so, even if it is
/// authenticated in the same moment.
final class UnfinishedHandshakes {

  /// The shortest wait for room, in nanoseconds, where nobody is known to become silent by then.
  private static final long SHORTEST_WAIT = 1_000_000;

  private final int most;
  private final Consumer<Guest> putOut;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Set<Guest> guests = new HashSet<>();
  private final Grace grace;
  private boolean stopped;

  /// @param putOut is told of each guest that has been silent for too long, and has ended; it does
  ///   not wait
  UnfinishedHandshakes(int most, Duration grace, Consumer<Guest> putOut) {
    this.most = most;
    this.grace = new Grace(grace, most);
    this.putOut = putOut;
  }

  /// Waits for room, and lets a guest in.
  ///
  /// @return false if nobody is let in any more
  boolean enter(Guest guest) {
    while (true) {
      Optional<Guest> silent;
      lock.lock();
      try {
        silent = awaitRoom();
        if (silent.isEmpty()) {
          return !stopped && guests.add(guest);
        }
      } finally {
        lock.unlock();
      }
      putOut.accept(silent.get());
    }
  }

  /// Under the lock.
  ///
  /// @return who has been put out to make room; empty if there is room, or nobody is let in
  private Optional<Guest> awaitRoom() {
    boolean interrupted = false;
    try {
      while (!stopped && guests.size() >= most) {
        Guest silent = mostSilent();
        long longest = grace.now();
        long left = silent == null ? longest : longest - silent.silentFor(System.nanoTime());
        if (silent != null && left <= 0) {
          guests.remove(silent);
          if (silent.end()) {
            grace.onePutOut();
            return Optional.of(silent);
          }
        } else {
          // A guest to whom an answer is sent does not say so: look again after a while at the
          // latest.
          try {
            var _ =
                room.awaitNanos(Math.clamp(left, SHORTEST_WAIT, Math.max(SHORTEST_WAIT, longest)));
          } catch (InterruptedException e) {
            // It ends no wait here: who waits has a peer that is to be told something.
            interrupted = true;
          }
        }
      }
      return Optional.empty();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Under the lock. Who has owed a line for longest, if anybody does.
  private @Nullable Guest mostSilent() {
    long now = System.nanoTime();
    Guest found = null;
    long longest = -1;
    for (Guest guest : guests) {
      long silent = guest.silentFor(now);
      if (silent > longest) {
        longest = silent;
        found = guest;
      }
    }
    return found;
  }

  /// The handshake of a guest is over.
  ///
  /// @return whether it was still in here; if not, it has been put out
  boolean leave(Guest guest) {
    lock.lock();
    try {
      room.signal();
      boolean wasHere = guests.remove(guest);
      grace.oneLeft(guests.size());
      return wasHere;
    } finally {
      lock.unlock();
    }
  }

  /// Lets nobody in any more.
  ///
  /// @return those who were in here, and are not any more
  List<Guest> stop() {
    lock.lock();
    try {
      stopped = true;
      room.signalAll();
      List<Guest> all = List.copyOf(guests);
      guests.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return guests.size();
    } finally {
      lock.unlock();
    }
  }
}
