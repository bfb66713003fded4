package dbus.server;

import dbus.connection.transport.Acceptor;
import dbus.connection.transport.Transport;
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
  private final Consumer<Throwable> failed;

  /// Whether the last peer could not be accepted. One line in the log is enough for many.
  private boolean failing;

  /// @param reception takes each peer over, and does not wait for it
  /// @param failed is told each time when accepting fails
  /// @param active whether peers are still wanted
  /// @param stopped ends a pause
  AcceptLoop(
      Acceptor acceptor,
      Consumer<Transport> reception,
      Consumer<Throwable> failed,
      BooleanSupplier active,
      CountDownLatch stopped) {
    this.acceptor = acceptor;
    this.reception = reception;
    this.failed = failed;
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
        failing = false;
      } catch (Throwable e) {
        if (active.getAsBoolean()) {
          report(e);
          pause();
        }
      }
    }
  }

  /// What is missing may be missing here as well: to write a line of a log, classes are loaded and
  /// files opened. The loop goes on all the same.
  private void report(Throwable e) {
    try {
      failed.accept(e);
      LOG.log(failing ? Level.DEBUG : Level.WARNING, "a peer could not be accepted", e);
      failing = true;
    } catch (Throwable cannotBeTold) {
      failing = false;
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
