package dbus.fuzz;

import dbus.connection.Budget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what one connection keeps, and the most that it kept.
final class Account implements Budget {
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong mostBytes = new AtomicLong();
  private final AtomicInteger unixFds = new AtomicInteger();
  private final AtomicInteger mostUnixFds = new AtomicInteger();
  private final AtomicInteger handlers = new AtomicInteger();

  @Override
  public boolean chargeBytes(long count) {
    mostBytes.accumulateAndGet(bytes.addAndGet(count), Math::max);
    return true;
  }

  @Override
  public void refundBytes(long count) {
    bytes.addAndGet(-count);
  }

  @Override
  public boolean chargeUnixFds(int count) {
    mostUnixFds.accumulateAndGet(unixFds.addAndGet(count), Math::max);
    return true;
  }

  @Override
  public void refundUnixFds(int count) {
    unixFds.addAndGet(-count);
  }

  @Override
  public boolean chargeHandler() {
    handlers.incrementAndGet();
    return true;
  }

  @Override
  public void refundHandler() {
    handlers.decrementAndGet();
  }

  boolean isSettled() {
    return bytes.get() == 0 && unixFds.get() == 0 && handlers.get() == 0;
  }

  long mostBytes() {
    return mostBytes.get();
  }

  int mostUnixFds() {
    return mostUnixFds.get();
  }

  @Override
  public String toString() {
    return bytes + " bytes, " + unixFds + " descriptors, " + handlers + " handlers";
  }
}
