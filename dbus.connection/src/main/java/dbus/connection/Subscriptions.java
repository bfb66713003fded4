package dbus.connection;

import dbus.connection.delivery.Deliveries;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.observing.Events;
import dbus.connection.reading.Pace;
import dbus.connection.spending.HeldUnixFds;
import dbus.connection.threads.ApplicationCode;
import dbus.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Who wants which signals of one peer.
///
/// The thread that reads finds out who wants a signal, when it comes; its handlers run at its turn,
/// as those of calls do (CONN-54): each by itself, so that one that waits for the peer does not
/// keep the next from its place. Nothing waits that nobody wants. What the library itself keeps of
/// a peer is brought up to date on arrival, so that it is when a later reply completes (CONN-23).
final class Subscriptions {

  private final Deliveries deliveries;
  private final Events events;
  private final HeldUnixFds heldUnixFds;
  private final BooleanSupplier over;
  private final Pace pace = new Pace();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  /// @param over whether the connection has ended
  Subscriptions(
      Deliveries deliveries, Events events, HeldUnixFds heldUnixFds, BooleanSupplier over) {
    this.deliveries = deliveries;
    this.events = events;
    this.heldUnixFds = heldUnixFds;
    this.over = over;
  }

  Subscription add(SignalMatch match, Consumer<Signal> handler) {
    return add(new Subscription(this, match, handler, false));
  }

  /// A subscription of the library's own: its handler is quick, and no code of the application's.
  Subscription addOnArrival(SignalMatch match, Consumer<Signal> handler) {
    return add(new Subscription(this, match, handler, true));
  }

  private Subscription add(Subscription subscription) {
    subscriptions.add(subscription);
    return subscription;
  }

  void remove(Subscription subscription) {
    subscriptions.remove(subscription);
  }

  /// By the thread that reads.
  ///
  /// @return whether the calling thread still reads
  boolean received(Signal signal) {
    List<Subscription> later = new ArrayList<>(1);
    for (Subscription one : subscriptions) {
      if (one.wants(signal)) {
        if (one.isOnArrival()) {
          ApplicationCode.run("taking in " + signal.member(), () -> one.deliver(signal));
        } else {
          later.add(one);
        }
      }
    }
    if (later.isEmpty()) {
      Descriptors.close(signal);
      return true;
    }
    heldUnixFds.add(signal.unixFds());
    AtomicInteger undelivered = new AtomicInteger(later.size());
    List<SignalDelivery> each = new ArrayList<>(later.size());
    for (Subscription one : later) {
      boolean isLast = each.size() == later.size() - 1;
      each.add(new SignalDelivery(this, signal, one, undelivered, isLast));
    }
    return deliveries.deliver(each);
  }

  Pace pace() {
    return pace;
  }

  Events events() {
    return events;
  }

  boolean areOver() {
    return over.getAsBoolean();
  }

  /// All its handlers have returned, or none will run.
  void delivered(Signal signal) {
    Descriptors.close(signal);
    heldUnixFds.remove(signal.unixFds());
  }
}
