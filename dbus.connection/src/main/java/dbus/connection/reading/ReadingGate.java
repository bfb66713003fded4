package dbus.connection.reading;

import java.util.concurrent.atomic.AtomicInteger;

/// Whether a connection is read from at this moment: this is where back pressure acts.
///
/// There may be several reasons not to read: the connection is paused, or too much waits on its way
/// in or out. Each is one bit of `state`. The thread that reads looks here between two messages,
/// and leaves while there is a reason; it does not wait. What comes then stays in the socket, and
/// the peer meets that. Whoever takes the last reason away sends another thread to read.
///
/// One more bit says that the reader has left. It is set, and taken away, in one step with a look
/// at the others: so either the reader sees that it may go on, or whoever opens sees that it has
/// left.
public final class ReadingGate {

  /// Why nothing is read.
  public enum Reason {
    /// The connection has not been started yet.
    PAUSED(1),
    /// Too much waits for handlers (CONN-41).
    INCOMING(1 << 1),
    /// Handlers have too many file descriptors to do with (CONN-41).
    UNIX_FDS(1 << 2),
    /// Too much waits to be written to the peer (CONN-40).
    OUTGOING(1 << 3);

    private final int bit;

    Reason(int bit) {
      this.bit = bit;
    }
  }

  private static final int READER_LEFT = 1 << 30;

  /// Nothing shuts it any more: the connection has ended, and its reader is to see that.
  private static final int FOR_GOOD = 1 << 29;

  private final AtomicInteger state;
  private final Runnable sendReader;

  /// @param sendReader has another thread read; it may throw where none can be started
  public ReadingGate(boolean paused, Runnable sendReader) {
    this.state = new AtomicInteger(paused ? Reason.PAUSED.bit : 0);
    this.sendReader = sendReader;
  }

  /// By the thread that reads: whether it would have to leave.
  public boolean isShut() {
    return isShut(state.get());
  }

  private static boolean isShut(int bits) {
    return bits != 0 && (bits & FOR_GOOD) == 0;
  }

  /// By the thread that reads.
  ///
  /// @return whether it goes on; if not, it leaves, and must not touch anything of the connection's
  ///   reading any more
  public boolean pass() {
    int now = state.get();
    while (isShut(now)) {
      if (state.compareAndSet(now, now | READER_LEFT)) {
        return false;
      }
      now = state.get();
    }
    return true;
  }

  /// From the next message on nothing is read. Takes no lock, and starts nothing.
  public void shut(Reason reason) {
    state.getAndUpdate(bits -> bits | reason.bit);
  }

  /// One reason less. Takes no lock, and starts nothing.
  ///
  /// @return whether the caller is to [send a reader][#sendReader()], when it holds no lock
  public boolean open(Reason reason) {
    return open(reason.bit, 0);
  }

  /// Whatever the reasons are: the reader is to see the end of the connection.
  ///
  /// @return as for [#open(Reason)]
  public boolean openForGood() {
    return open(READER_LEFT - 1 - FOR_GOOD, FOR_GOOD);
  }

  private boolean open(int away, int added) {
    while (true) {
      int now = state.get();
      int left = (now & ~away) | added;
      boolean send = (now & READER_LEFT) != 0 && !isShut(left & ~READER_LEFT);
      if (send) {
        left &= ~READER_LEFT;
      }
      if (state.compareAndSet(now, left)) {
        return send;
      }
    }
  }

  /// Has another thread read.
  public void sendReader() {
    sendReader.run();
  }
}
