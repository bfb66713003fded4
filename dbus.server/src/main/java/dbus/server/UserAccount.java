package dbus.server;

import dbus.connection.Budget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What all connections of one user keep together.
///
/// A limit of one connection is no limit for somebody who opens many: 256 connections that each may
/// leave 16 MiB unread are 4 GiB. So what is taken for a user is charged to one account, whichever
/// connection it is for, and refunded when it is given back. A charge that would exceed the account
/// is not made, and whoever asked goes without. That is the user's own affair: no other account is
/// touched, so nobody can use up what is meant for somebody else.
///
/// An account exists as long as its user has a connection, or something is charged: a handler may
/// still run when the last connection has ended, and a user who leaves and comes back is still
/// charged for it.
///
/// Each number is changed by compare-and-set alone, so that no thread waits for another here. The
/// connections are counted under the lock of their entry in [UserAccounts].
final class UserAccount implements Budget {

  private final ServerLimits limits;
  private final Runnable whenUnused;

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger unixFds = new AtomicInteger();
  private final AtomicInteger handlers = new AtomicInteger();
  private volatile int connections;

  /// @param whenUnused is run when the account may be unused; it looks itself
  UserAccount(ServerLimits limits, Runnable whenUnused) {
    this.limits = limits;
    this.whenUnused = whenUnused;
  }

  /// Under the lock of the entry.
  ///
  /// @return whether there may be one more
  @SuppressWarnings("NonAtomicVolatileUpdate") // The lock of the entry is held.
  boolean addConnection() {
    if (connections >= limits.connectionsPerUser().orElse(limits.connections())) {
      return false;
    }
    connections++;
    return true;
  }

  /// Under the lock of the entry.
  @SuppressWarnings("NonAtomicVolatileUpdate") // The lock of the entry is held.
  void removeConnection() {
    connections--;
  }

  boolean isUnused() {
    return connections == 0 && bytes.get() == 0 && unixFds.get() == 0 && handlers.get() == 0;
  }

  @Override
  public boolean chargeBytes(long more) {
    long now;
    do {
      now = bytes.get();
      if (more > limits.bytesPerUser() - now) {
        return false;
      }
    } while (!bytes.compareAndSet(now, now + more));
    return true;
  }

  @Override
  public void refundBytes(long less) {
    refunded(bytes.addAndGet(-less));
  }

  @Override
  public boolean chargeUnixFds(int more) {
    return charge(unixFds, more, limits.unixFdsPerUser());
  }

  @Override
  public void refundUnixFds(int less) {
    refunded(unixFds.addAndGet(-less));
  }

  @Override
  public boolean chargeHandler() {
    return charge(handlers, 1, limits.handlersPerUser());
  }

  @Override
  public void refundHandler() {
    refunded(handlers.decrementAndGet());
  }

  private static boolean charge(AtomicInteger counter, int more, int most) {
    int now;
    do {
      now = counter.get();
      if (more > most - now) {
        return false;
      }
    } while (!counter.compareAndSet(now, now + more));
    return true;
  }

  private void refunded(long left) {
    if (left == 0 && connections == 0) {
      whenUnused.run();
    }
  }

  @Override
  public String toString() {
    return "%s connections, %s bytes, %s file descriptors, %s handlers"
        .formatted(connections, bytes.get(), unixFds.get(), handlers.get());
  }
}
