package dbus.testkit.connection;

import dbus.connection.Budget;
import java.util.concurrent.atomic.AtomicLong;

/// Allows everything, and knows what is still charged.
final class Account implements Budget {

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong handlers = new AtomicLong();
  private final AtomicLong unixFds = new AtomicLong();

  @Override
  public boolean chargeBytes(long more) {
    bytes.addAndGet(more);
    return true;
  }

  @Override
  public void refundBytes(long less) {
    bytes.addAndGet(-less);
  }

  @Override
  public boolean chargeUnixFds(int more) {
    unixFds.addAndGet(more);
    return true;
  }

  @Override
  public void refundUnixFds(int less) {
    unixFds.addAndGet(-less);
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
    return bytes.get() == 0 && handlers.get() == 0 && unixFds.get() == 0;
  }

  @Override
  public String toString() {
    return "%s bytes, %s handlers, %s descriptors".formatted(bytes, handlers, unixFds);
  }
}
