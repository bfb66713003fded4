package dbus.connection;

import dbus.connection.delivery.Delivery;
import dbus.connection.jfr.HandlerRun;
import dbus.connection.observing.Events;
import dbus.connection.reading.Pace;
import dbus.connection.threads.ApplicationCode;
import dbus.wire.Signal;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A signal on its way to one of those who wanted it when it came.
final class SignalDelivery extends Delivery {

  /// What a signal keeps in memory besides its body, about.
  private static final long BESIDES_BODY = 256;

  private final Subscriptions all;
  private final Signal signal;
  private final Subscription to;
  private final AtomicInteger undelivered;
  private final boolean isLast;
  private boolean over;

  /// @param undelivered how many deliveries of this signal are not over
  /// @param isLast whether it is the last of them
  SignalDelivery(
      Subscriptions all,
      Signal signal,
      Subscription to,
      AtomicInteger undelivered,
      boolean isLast) {
    this.all = all;
    this.signal = signal;
    this.to = to;
    this.undelivered = undelivered;
    this.isLast = isLast;
  }

  /// The body counts as long as somebody waits for it.
  @Override
  public long bytes() {
    return BESIDES_BODY + (isLast ? signal.retainedBytes() : 0);
  }

  @Override
  public boolean isCall() {
    return false;
  }

  @Override
  public @Nullable Pace paceOfFinding() {
    return null;
  }

  @Override
  public Pace find() {
    return all.pace();
  }

  @Override
  public boolean isConcurrent() {
    return false;
  }

  @Override
  public void handle() {
    // After the end of a connection no handler begins.
    if (!all.areOver()) {
      HandlerRun event = Events.begin();
      // The peer is not told, and the next handler still gets its signal.
      ApplicationCode.run("a handler of " + signal.member(), () -> to.deliver(signal));
      all.events().handled(event, signal);
    }
    drop();
  }

  /// The thread that is there has to do.
  @Override
  public boolean refuse() {
    return false;
  }

  @Override
  public void drop() {
    if (!over) {
      over = true;
      if (undelivered.decrementAndGet() == 0) {
        all.delivered(signal);
      }
    }
  }
}
