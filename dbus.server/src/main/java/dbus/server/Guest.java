package dbus.server;

import dbus.auth.Command;
import dbus.auth.HandshakeTrace;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.transport.Transport;
import dbus.server.UserAccounts.Membership;
import dbus.server.listening.Listener;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A peer, from the moment when it is accepted, and what was taken for it.
///
/// It knows how long its peer has owed the next line of the handshake. The thread that reads from
/// the peer writes that, and the one that accepts reads it.
final class Guest implements HandshakeTrace {

  private static final long SERVER_IS_THINKING = Long.MAX_VALUE;

  private final AcceptedPeer peer;
  private final Transport transport;
  private final Listener at;
  private final AtomicBoolean ended = new AtomicBoolean();

  /// How many still need what was taken for it: who waits for its end, and the thread that shows it
  /// to the handlers of new connections, which may go on when it has ended. Under the lock.
  private int holders = 1;

  private boolean held;

  /// Of the thread that reads.
  private boolean asked;

  private volatile boolean rejected;

  private volatile @Nullable Thread starting;

  private Optional<DBusConnection> connection = Optional.empty();
  private Optional<CloseReason> reason = Optional.empty();

  /// Written while it is held.
  private volatile boolean hasPlace;

  private volatile Optional<Membership> membership = Optional.empty();

  /// Since when the peer owes a line, by [System#nanoTime()]. Until its handshake begins it owes
  /// nothing, however long it waits for that.
  private volatile long silentSince = SERVER_IS_THINKING;

  /// @param at where it came
  Guest(AcceptedPeer peer, Transport transport, Listener at) {
    this.peer = peer;
    this.transport = transport;
    this.at = at;
  }

  AcceptedPeer peer() {
    return peer;
  }

  Transport transport() {
    return transport;
  }

  /// Where it came.
  Listener at() {
    return at;
  }

  /// How long it has owed its next line, in nanoseconds; negative if the server owes it an answer.
  long silentFor(long now) {
    long since = silentSince;
    return since == SERVER_IS_THINKING ? -1 : Math.max(0, now - since);
  }

  /// Its handshake begins: the peer speaks first. The calling thread starts its connection.
  void begins() {
    silentSince = System.nanoTime();
    starting = Thread.currentThread();
  }

  /// Its connection is started.
  void hasBegun() {
    starting = null;
  }

  /// Whether its connection ends by this thread's failing to start it, who tells so by itself.
  boolean couldNotStart(CloseReason why) {
    return Thread.currentThread().equals(starting) && why.kind() == CloseReason.Kind.BROKEN;
  }

  /// Whether it was told that it cannot be let in, in answer to an attempt: `AUTH` alone is the
  /// question for the mechanisms, and the answer to that is no refusal.
  boolean wasRejected() {
    return rejected;
  }

  @Override
  public void received(Command command, String state) {
    asked = command instanceof Command.Auth auth && auth.mechanism().isEmpty();
    silentSince = SERVER_IS_THINKING;
  }

  @Override
  public void sent(Command command, String state) {
    rejected |= command instanceof Command.Rejected && !asked;
    silentSince = System.nanoTime();
  }

  /// Takes the right to say how it ended, which there is once.
  boolean end() {
    return ended.compareAndSet(false, true);
  }

  /// It is one of the connections of the server.
  ///
  /// @return why it has ended, if it has already
  synchronized Optional<CloseReason> joins(DBusConnection its) {
    connection = Optional.of(its);
    return reason;
  }

  /// It has ended.
  ///
  /// @return the connection, if it has joined
  synchronized Optional<DBusConnection> over(CloseReason why) {
    reason = Optional.of(why);
    return connection;
  }

  /// What is taken for it is not given back until [#letGo] is called once more.
  ///
  /// @return false if it has ended already
  synchronized boolean hold() {
    held = holders > 0;
    if (held) {
      holders++;
    }
    return held;
  }

  /// Whether [#hold()] was called in time.
  synchronized boolean isHeld() {
    return held;
  }

  /// @param giveBack is run when nobody needs any more what was taken
  void letGo(Runnable giveBack) {
    synchronized (this) {
      if (--holders > 0) {
        return;
      }
    }
    giveBack.run();
  }

  /// @param hasPlace whether there is a place for one more connection
  /// @param membership empty if there is none for one more of the user
  void placed(boolean hasPlace, Optional<Membership> membership) {
    this.hasPlace = hasPlace;
    this.membership = membership;
  }

  boolean hasPlace() {
    return hasPlace;
  }

  Optional<Membership> membership() {
    return membership;
  }
}
