package dbus.connection;

import java.util.concurrent.atomic.AtomicReference;

/// Whether the messages of a connection are dealt with yet.
///
/// The thread that reads comes here after the handshake. If the connection is paused it leaves, and
/// what comes waits in the socket; whoever opens the gate sends another thread to read. Each step
/// is one change of `state`, so that either the reader sees the open gate, or the opener sees that
/// the reader has left.
final class StartGate {

  private enum State {
    SHUT,
    READER_LEFT,
    OPEN
  }

  private final AtomicReference<State> state;

  StartGate(boolean paused) {
    state = new AtomicReference<>(paused ? State.SHUT : State.OPEN);
  }

  /// By the thread that reads.
  ///
  /// @return whether it goes on; if not, it leaves, and must not touch anything of the connection's
  ///   reading any more
  boolean pass() {
    return state.get() == State.OPEN || !state.compareAndSet(State.SHUT, State.READER_LEFT);
  }

  /// Lets messages through, from now on.
  ///
  /// @return whether a thread must be sent to read
  boolean open() {
    return state.getAndSet(State.OPEN) == State.READER_LEFT;
  }
}
