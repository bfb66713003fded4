package dbus.server;

import dbus.connection.transport.Acceptor;
import dbus.connection.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Accepts the peers that knock at one socket, one after the other, until the server is stopped. It
/// outlives whatever one peer, or a lack of descriptors or threads, does to it.
final class AcceptLoop {

  private static final Logger LOG = System.getLogger(AcceptLoop.class.getName());

  /// How long accepting pauses when it fails, as it does when descriptors run out.
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Acceptor acceptor;
  private final Consumer<Transport> reception;
  private final BooleanSupplier active;
  private final CountDownLatch stopped;

  /// @param reception takes each peer over, and does not wait for it
  /// @param active whether peers are still wanted
  /// @param stopped ends a pause
  AcceptLoop(
      Acceptor acceptor,
      Consumer<Transport> reception,
      BooleanSupplier active,
      CountDownLatch stopped) {
    this.acceptor = acceptor;
    this.reception = reception;
    this.active = active;
    this.stopped = stopped;
  }

  void start() {
    Thread.ofPlatform().name("dbus-accept").start(this::acceptPeers);
  }

  private void acceptPeers() {
    while (active.getAsBoolean()) {
      try {
        reception.accept(acceptor.accept());
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        if (active.getAsBoolean()) {
          LOG.log(Level.WARNING, "a peer could not be accepted", e);
          pause();
        }
      }
    }
  }

  private void pause() {
    try {
      if (stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
