package dbus.connection;

import dbus.connection.delivery.Delivery;
import dbus.connection.jfr.HandlerRun;
import dbus.connection.observing.Events;
import dbus.connection.reading.Pace;
import dbus.connection.threads.ApplicationCode;
import dbus.wire.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A signal on its way to those who wanted it when it came.
final class SignalDelivery extends Delivery {

  /// What a signal keeps in memory besides its body, about.
  private static final long BESIDES_BODY = 256;

  private final Subscriptions all;
  private final Signal signal;
  private final List<Subscription> to;

  SignalDelivery(Subscriptions all, Signal signal, List<Subscription> to) {
    this.all = all;
    this.signal = signal;
    this.to = to;
  }

  @Override
  public long bytes() {
    return BESIDES_BODY + signal.retainedBytes();
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
    for (Subscription subscription : to) {
      // After the end of a connection no handler begins.
      if (!all.areOver()) {
        handle(subscription);
      }
    }
    drop();
  }

  private void handle(Subscription subscription) {
    HandlerRun event = Events.begin();
    // The peer is not told, and the next handler still gets its signal.
    ApplicationCode.run("a handler of " + signal.member(), () -> subscription.deliver(signal));
    all.events().handled(event, signal);
    // What was interrupted was that handler; the next one has nothing to do with it (CONN-52).
    Thread.interrupted();
  }

  /// The thread that is there has to do.
  @Override
  public boolean refuse() {
    return false;
  }

  @Override
  public void drop() {
    all.delivered(signal);
  }
}
