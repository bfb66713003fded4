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
/// A guest is removed by one thread only, be it that it is authenticated, gone or put out: whoever
/// removes it says what becomes of it.
final class UnfinishedHandshakes {

  private final int most;
  private final long grace;
  private final Consumer<Guest> putOut;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Set<Guest> guests = new HashSet<>();
  private boolean stopped;

  /// @param putOut is told of each guest that has been silent for too long; it does not wait
  UnfinishedHandshakes(int most, Duration grace, Consumer<Guest> putOut) {
    this.most = most;
    this.grace = grace.compareTo(Duration.ofDays(365)) < 0 ? grace.toNanos() : Long.MAX_VALUE;
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
    try {
      while (!stopped && guests.size() >= most) {
        Guest silent = mostSilent();
        long left = silent == null ? grace : grace - silent.silentFor(System.nanoTime());
        if (silent != null && left <= 0) {
          guests.remove(silent);
          return Optional.of(silent);
        }
        // A guest to whom an answer is sent does not say so: look again after a while at the
        // latest.
        var _ = room.awaitNanos(Math.clamp(left, 1, Math.max(1, grace)));
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      // The thread that accepts ends when its socket is closed, and in no other way.
      throw new IllegalStateException("interrupted while waiting for a handshake to end", e);
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
      return guests.remove(guest);
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
