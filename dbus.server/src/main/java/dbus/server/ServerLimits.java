package dbus.server;

import dbus.auth.HandshakeLimits;
import dbus.connection.ConnectionLimits;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// What peers may cost a server: one peer before it is authenticated, one connection, one user, and
/// all of them. [#DEFAULT] is right for nearly everybody, and every number can be changed:
///
/// ```java
/// ServerLimits.DEFAULT.withMessageBytes(1 << 20).withConnectionsPerUser(16)
/// ```
///
/// ## Unfinished handshakes
///
/// At `unfinishedHandshakes` the server begins no more. The peer that was accepted last waits where
/// it is, and those after it wait in the backlog of the kernel; nobody is dropped for coming late.
/// The next one is served as soon as a handshake ends, be it well, badly, or by the time limit.
///
/// So silent peers could keep good ones out for as long as that time limit. Therefore, as long as
/// somebody waits, a handshake whose peer owes its next line for longer than `handshakeGrace` is
/// ended, the one that has waited longest first. Bytes that do not end a line do not count, nor
/// does the time that the server itself takes for an answer. After each roomful of silent peers
/// that was ended so, the next has half the grace, down to a quarter, until the room has been half
/// empty: so a thousand silent peers that come at once delay the next good one by little more than
/// a second, and not by four. As long as nobody waits, every peer has its full time.
///
/// ## Users
///
/// Each connection belongs to the account of its user: the uid that the peer has proved to have.
/// All anonymous peers share one account. What the connections of one account take together is
/// limited, so that many connections are no way around the limits of one; see
/// [dbus.connection.Budget]. Peers that are not authenticated have no account: there are few of
/// them, and what each may cost is a matter of [HandshakeLimits].
///
/// So one user can cost at most:
///
/// | what | at most | by default, of the own user alone | where others may connect |
/// |---|---|---|---|
/// | bytes | 2 × `bytesPerUser` + `connectionsPerUser` × 416 KiB | 1 GiB + 832 MiB | 1 GiB + 104 MiB |
/// | descriptors | `unixFdsPerUser` + `connectionsPerUser` × (1 + `unixFds`) | 35,840 | 5,376 |
/// | threads | `handlersPerUser` + `connectionsPerUser` × 2 | 5,120 | 1,536 |
///
/// - Bytes: `bytesPerUser` is a quarter of the heap by default, and 512 MiB at most; the arrays
///   behind what is charged grow by doubling. Not charged are 96 KiB of each connection's messages,
///   a buffer of up to 256 KiB that it is read into, and one of 64 KiB that it is written from; the
///   buffers are there while bytes come, or leave. What handlers make and keep is the application's
///   own affair, as are the few objects of each connection and the stacks of threads.
/// - Descriptors: those that handlers have yet to do with, the socket of each connection (two
///   without native access for `dbus.connection`), and those of one message that is not complete.
/// - Threads: those of handlers, one that reads from each connection that is not idle, and one that
///   writes to each whose peer is slow.
///
/// One connection of that user takes less: one message of any permitted size, or 16 MiB of several,
/// each of what waits to be written, of what is with handlers, and of what waits for these. A peer
/// that calls without end and reads no reply makes the process grow by that, and not by what it
/// sends: it is not read any more, and after 30 seconds it is disconnected. So a user who reaches a
/// limit of the table does so with several connections, or on purpose.
///
/// A peer that is refused or disconnected for a limit leaves a line in the log that names it.
///
/// @param handshake what one peer may cost before it is authenticated, and how long that may take
/// @param connection what one peer may cost after that
/// @param unfinishedHandshakes the peers that are not authenticated, at a time, at least 1
/// @param handshakeGrace how long a peer may be silent in its handshake while others wait; not
///   negative. One longer than the time limit of the handshake lets silent peers have all of it
/// @param connections the authenticated peers in all, at least 1. One more is refused, before its
///   handshake if that can be known
/// @param connectionsPerUser the authenticated peers of one user, at least 1. One more is refused.
///   Empty: as many as in all where only the user of this process may connect, since nobody else is
///   there to be protected; else [#DEFAULT_CONNECTIONS_PER_USER]
/// @param bytesPerUser what the connections of one user may keep in memory: what waits to be
///   written, messages that are not complete, calls that are not answered and signals that wait for
///   a handler; at least 65,536. A connection that needs more is ended
/// @param unixFdsPerUser the file descriptors that came from the connections of one user and that
///   handlers have yet to do with, at least 1. A connection that brings more is ended
/// @param handlersPerUser the calls of one user that are with a handler on a thread of its own, or
///   wait for that thread, at least 1; they count until the handler returns, even if the connection
///   has ended. A call beyond that is answered with `LimitsExceeded`, and a handler on the thread
///   that reads, which calls the peer and would wait, fails with it
public record ServerLimits(
    HandshakeLimits handshake,
    ConnectionLimits connection,
    int unfinishedHandshakes,
    Duration handshakeGrace,
    int connections,
    OptionalInt connectionsPerUser,
    long bytesPerUser,
    int unixFdsPerUser,
    int handlersPerUser) {

  /// 64 handshakes: the number of dbus-daemon (SERV-29).
  public static final int DEFAULT_UNFINISHED_HANDSHAKES = 64;

  /// 250 milliseconds: a client speaks first, and a local one answers within a few; enough for a
  /// round trip to anywhere. In a crowd of silent peers it may be a quarter of that.
  public static final Duration DEFAULT_HANDSHAKE_GRACE = Duration.ofMillis(250);

  /// 2048 connections: the number of dbus-daemon (SERV-30).
  public static final int DEFAULT_CONNECTIONS = 2048;

  /// 256 connections of one user, where others than the user of this process may connect: the
  /// number of dbus-daemon (SERV-30).
  public static final int DEFAULT_CONNECTIONS_PER_USER = 256;

  /// A quarter of the largest heap of this JVM, and 512 MiB at most, which is what dbus-broker
  /// gives a user.
  public static final long DEFAULT_BYTES_PER_USER =
      Math.clamp(Runtime.getRuntime().maxMemory() / 4, 1 << 20, 512L << 20);

  /// 1024 file descriptors: those that 16 connections may hold by default.
  public static final int DEFAULT_UNIX_FDS_PER_USER = 1024;

  /// 1024 handlers: those that 8 connections may have by default.
  public static final int DEFAULT_HANDLERS_PER_USER = 1024;

  /// The limits named above, with [HandshakeLimits#DEFAULT] and [ConnectionLimits#DEFAULT].
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          HandshakeLimits.DEFAULT,
          ConnectionLimits.DEFAULT,
          DEFAULT_UNFINISHED_HANDSHAKES,
          DEFAULT_HANDSHAKE_GRACE,
          DEFAULT_CONNECTIONS,
          OptionalInt.empty(),
          DEFAULT_BYTES_PER_USER,
          DEFAULT_UNIX_FDS_PER_USER,
          DEFAULT_HANDLERS_PER_USER);

  /// Checks the ranges that the parameters name.
  ///
  /// @throws IllegalArgumentException if a value is outside its range
  public ServerLimits {
    requireAtLeast("unfinishedHandshakes", unfinishedHandshakes, 1);
    if (handshakeGrace.isNegative()) {
      throw new IllegalArgumentException(
          "handshakeGrace must not be negative, as is " + handshakeGrace);
    }
    requireAtLeast("connections", connections, 1);
    requireAtLeast("connectionsPerUser", connectionsPerUser.orElse(1), 1);
    requireAtLeast("bytesPerUser", bytesPerUser, 65_536);
    requireAtLeast("unixFdsPerUser", unixFdsPerUser, 1);
    requireAtLeast("handlersPerUser", handlersPerUser, 1);
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }

  /// These limits with others for each handshake.
  public ServerLimits withHandshake(HandshakeLimits limits) {
    return with(draft -> draft.handshake = limits);
  }

  /// These limits with others for each connection.
  public ServerLimits withConnection(ConnectionLimits limits) {
    return with(draft -> draft.connection = limits);
  }

  /// These limits with another number of unfinished handshakes.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ServerLimits withUnfinishedHandshakes(int count) {
    return with(draft -> draft.unfinishedHandshakes = count);
  }

  /// These limits with another time to be silent in.
  ///
  /// @throws IllegalArgumentException if it is negative
  public ServerLimits withHandshakeGrace(Duration grace) {
    return with(draft -> draft.handshakeGrace = grace);
  }

  /// These limits with another number of connections.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ServerLimits withConnections(int count) {
    return with(draft -> draft.connections = count);
  }

  /// These limits with another number of connections of one user.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ServerLimits withConnectionsPerUser(int count) {
    return with(draft -> draft.connectionsPerUser = OptionalInt.of(count));
  }

  /// These limits with another amount of memory for one user.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ServerLimits withBytesPerUser(long bytes) {
    return with(draft -> draft.bytesPerUser = bytes);
  }

  /// These limits with another number of file descriptors of one user.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ServerLimits withUnixFdsPerUser(int count) {
    return with(draft -> draft.unixFdsPerUser = count);
  }

  /// These limits with another number of handlers for one user.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public ServerLimits withHandlersPerUser(int count) {
    return with(draft -> draft.handlersPerUser = count);
  }

  /// These limits with another time for a handshake.
  ///
  /// @throws IllegalArgumentException as [HandshakeLimits#withTimeLimit(Duration)]
  public ServerLimits withHandshakeTime(Duration limit) {
    return withHandshake(handshake.withTimeLimit(limit));
  }

  /// These limits with another length of messages.
  ///
  /// @throws IllegalArgumentException as [ConnectionLimits#withMessageBytes(int)]
  public ServerLimits withMessageBytes(int bytes) {
    return withConnection(connection.withMessageBytes(bytes));
  }

  /// These limits with another number of calls in progress on a connection.
  ///
  /// @throws IllegalArgumentException as [ConnectionLimits#withCallsInProgress(int)]
  public ServerLimits withCallsInProgress(int count) {
    return withConnection(connection.withCallsInProgress(count));
  }

  /// These limits with another amount that waits to be written on a connection.
  ///
  /// @throws IllegalArgumentException as [ConnectionLimits#withOutgoingBytes(long)]
  public ServerLimits withOutgoingBytes(long bytes) {
    return withConnection(connection.withOutgoingBytes(bytes));
  }

  /// These limits with another time to wait for a peer that takes nothing.
  ///
  /// @throws IllegalArgumentException as [ConnectionLimits#withOutgoingTime(Duration)]
  public ServerLimits withOutgoingTime(Duration limit) {
    return withConnection(connection.withOutgoingTime(limit));
  }

  /// These limits with another amount that waits for the handlers of a connection.
  ///
  /// @throws IllegalArgumentException as [ConnectionLimits#withUndeliveredBytes(long)]
  public ServerLimits withUndeliveredBytes(long bytes) {
    return withConnection(connection.withUndeliveredBytes(bytes));
  }

  /// These limits with another number of file descriptors in a message.
  ///
  /// @throws IllegalArgumentException as [ConnectionLimits#withUnixFds(int)]
  public ServerLimits withUnixFds(int count) {
    return withConnection(connection.withUnixFds(count));
  }

  /// These limits with a time limit for each message.
  ///
  /// @throws IllegalArgumentException as [ConnectionLimits#withMessageTime(Duration)]
  public ServerLimits withMessageTime(Duration limit) {
    return withConnection(connection.withMessageTime(limit));
  }

  /// These limits with another number of file descriptors held for a connection.
  ///
  /// @throws IllegalArgumentException as [ConnectionLimits#withUnixFdsHeld(int)]
  public ServerLimits withUnixFdsHeld(int count) {
    return withConnection(connection.withUnixFdsHeld(count));
  }

  /// These limits, in which every number is known.
  ///
  /// @param others whether others than the user of this process may connect
  ServerLimits resolved(boolean others) {
    return connectionsPerUser.isPresent()
        ? this
        : withConnectionsPerUser(others ? DEFAULT_CONNECTIONS_PER_USER : connections);
  }

  private ServerLimits with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.toLimits();
  }

  /// The limits in the making: here one can be changed by its name, which a record does not offer.
  private static final class Draft {
    HandshakeLimits handshake;
    ConnectionLimits connection;
    int unfinishedHandshakes;
    Duration handshakeGrace;
    int connections;
    OptionalInt connectionsPerUser;
    long bytesPerUser;
    int unixFdsPerUser;
    int handlersPerUser;

    Draft(ServerLimits from) {
      handshake = from.handshake;
      connection = from.connection;
      unfinishedHandshakes = from.unfinishedHandshakes;
      handshakeGrace = from.handshakeGrace;
      connections = from.connections;
      connectionsPerUser = from.connectionsPerUser;
      bytesPerUser = from.bytesPerUser;
      unixFdsPerUser = from.unixFdsPerUser;
      handlersPerUser = from.handlersPerUser;
    }

    ServerLimits toLimits() {
      return new ServerLimits(
          handshake,
          connection,
          unfinishedHandshakes,
          handshakeGrace,
          connections,
          connectionsPerUser,
          bytesPerUser,
          unixFdsPerUser,
          handlersPerUser);
    }
  }
}
