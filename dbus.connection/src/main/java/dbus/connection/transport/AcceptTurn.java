package dbus.connection.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Held by the thread that waits for a peer.
///
/// The operating system keeps a listening socket, its port and its abstract name, for as long as a
/// thread waits at it, even if it is closed meanwhile. So whoever closes it waits for that thread
/// to leave, which it does at once: from then on clients are refused, and the name is free.
final class AcceptTurn {

  private static final Logger LOG = System.getLogger(AcceptTurn.class.getName());

  /// Against hanging only.
  private static final int PATIENCE_SECONDS = 5;

  private final ReentrantLock waiting = new ReentrantLock();

  private volatile boolean over;

  /// Waits for a peer.
  @FunctionalInterface
  interface Wait {
    Transport accept() throws IOException;
  }

  Transport take(Wait wait) throws IOException {
    waiting.lock();
    try {
      if (over) {
        throw new ClosedChannelException();
      }
      return wait.accept();
    } finally {
      waiting.unlock();
    }
  }

  /// After the wait was ended, by shutting the socket down or closing it: from the return of this
  /// on nobody waits there, or will.
  ///
  /// @return whether that is so; false if a thread does not leave
  boolean awaitEnd() {
    over = true;
    // An interrupt must not let the caller go on: it is about to give the socket's number back.
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean left = false;
    while (!left && deadline - System.nanoTime() > 0) {
      try {
        left = waiting.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (left) {
      waiting.unlock();
    } else {
      LOG.log(Level.WARNING, "a socket is closed, and a thread still waits for peers there");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return left;
  }
}
