package dbus.server;

import dbus.connection.transport.Acceptor;
import dbus.connection.transport.ConnectionThreads;
import dbus.connection.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Accepts the peers that knock at one socket, one after the other, until the server is stopped. It
/// outlives whatever one peer, or a lack of descriptors, threads or memory, does to it, also while
/// it tells of that.
///
/// One thread at a time has the right to accept. It serves one peer: the first for which another
/// thread takes its place here. So a peer meets a thread that is running already, and there is
/// always one that accepts, or is on its way to, whatever the peers do. What the one has written,
/// the next one sees, since it was started by it.
final class AcceptLoop {

  private static final Logger LOG = System.getLogger(AcceptLoop.class.getName());

  /// How long accepting pauses when it fails, as it does when descriptors run out.
  private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

  private final Acceptor acceptor;
  private final Door door;
  private final BooleanSupplier active;
  private final CountDownLatch stopped;
  private final Consumer<Throwable> failed;

  /// Of the thread that accepts.
  private final SpareDescriptor spare = new SpareDescriptor();

  /// Whether the last peer could not be accepted or served. One line in the log is enough for many.
  private volatile boolean failing;

  /// Where peers are let in, or not.
  @FunctionalInterface
  interface Door {

    /// Takes a peer over; does not wait for it.
    ///
    /// @return empty if it is refused
    Optional<? extends Admission> admit(Transport peer);
  }

  /// A peer that may come in.
  interface Admission {

    /// Serves it on this thread, until its end or until another thread does so.
    void serveHere();

    /// There is no thread for it after all.
    void giveUp();
  }

  /// @param failed is told each time when accepting fails
  /// @param active whether peers are still wanted
  /// @param stopped ends a pause
  AcceptLoop(
      Acceptor acceptor,
      Door door,
      Consumer<Throwable> failed,
      BooleanSupplier active,
      CountDownLatch stopped) {
    this.acceptor = acceptor;
    this.door = door;
    this.failed = failed;
    this.active = active;
    this.stopped = stopped;
  }

  /// @throws OutOfMemoryError if no thread can be started
  void start() {
    try {
      ConnectionThreads.EXECUTOR.execute(this::acceptPeers);
    } catch (RuntimeException | Error e) {
      spare.close();
      throw e;
    }
  }

  private void acceptPeers() {
    Optional<? extends Admission> mine = Optional.empty();
    boolean over = false;
    while (mine.isEmpty() && !over) {
      try {
        over = !active.getAsBoolean();
        if (!over) {
          mine = acceptOne();
        }
      } catch (Throwable e) {
        recover(e);
      }
    }
    if (mine.isPresent()) {
      serve(mine.get());
    } else {
      spare.close();
    }
  }

  /// Whatever is missing may be missing here as well, even for a class or a lambda of this page
  /// that is used for the first time. Nobody else accepts: this never fails, and never returns at
  /// once for ever.
  private void recover(Throwable e) {
    try {
      if (active.getAsBoolean()) {
        spare.lend(() -> report(e));
        pause();
      }
    } catch (Throwable worse) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// Waits for a peer, and, if it is let in, has another thread wait for the next.
  private Optional<? extends Admission> acceptOne() throws IOException {
    // What a listener may have left: a channel would take it for an order to close.
    var _ = Thread.interrupted();
    Optional<? extends Admission> admitted = door.admit(acceptor.accept());
    failing = false;
    admitted.ifPresent(this::handOn);
    return admitted;
  }

  private void handOn(Admission admitted) {
    try {
      ConnectionThreads.EXECUTOR.execute(this::acceptPeers);
    } catch (RuntimeException | Error e) {
      admitted.giveUp();
      throw e;
    }
  }

  private void serve(Admission mine) {
    try {
      mine.serveHere();
    } catch (Throwable e) {
      report(e);
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
      if (stopped.await(PAUSE_NANOS, TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
