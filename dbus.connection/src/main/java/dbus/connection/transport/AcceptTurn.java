package dbus.connection.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

  /// Waits for a peer.
  @FunctionalInterface
  interface Wait {
    Transport accept() throws IOException;
  }

  Transport take(Wait wait) throws IOException {
    waiting.lock();
    try {
      return wait.accept();
    } finally {
      waiting.unlock();
    }
  }

  /// After the socket is closed, which ends the wait.
  void awaitEnd() {
    try {
      if (waiting.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        waiting.unlock();
      } else {
        LOG.log(Level.WARNING, "a socket is closed, and a thread still waits for peers there");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
