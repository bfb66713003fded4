package dbus.connection;

import dbus.wire.Signal;
import java.util.function.Consumer;

/// A handler that is given the signals it asked for until this is closed.
///
/// Closing takes effect at once: no call of the handler begins after it. One that has begun on
/// another thread may still be running. Any thread, any number of times.
public final class Subscription implements AutoCloseable {

  private final Subscriptions all;
  private final SignalMatch match;
  private final Consumer<Signal> handler;
  private final boolean onArrival;
  private volatile boolean closed;

  /// @param onArrival whether it is the library's own, and does not wait for its turn
  Subscription(Subscriptions all, SignalMatch match, Consumer<Signal> handler, boolean onArrival) {
    this.onArrival = onArrival;
    this.all = all;
    this.match = match;
    this.handler = handler;
  }

  boolean wants(Signal signal) {
    return match.matches(signal);
  }

  boolean isOnArrival() {
    return onArrival;
  }

  void deliver(Signal signal) {
    if (!closed) {
      handler.accept(signal);
    }
  }

  @Override
  public void close() {
    closed = true;
    all.remove(this);
  }
}
