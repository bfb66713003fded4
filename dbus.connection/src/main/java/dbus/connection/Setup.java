package dbus.connection;

import dbus.auth.Handshake;
import dbus.connection.threads.Bookkeeping;
import dbus.connection.transport.Transport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/// What is different on the two sides of a connection, and from one to the next.
///
/// @param firstReader runs the first thread that reads
/// @param claim is shown the authenticated peer, and says whether it is wanted
/// @param limits of which the file descriptors are those that the transport carries
/// @param budget is asked for once, when the peer is authenticated, before the claim
/// @param unixFdsTime how long a message may take from its first descriptor to its last byte
/// @param paused whether messages wait until [Engine#unpause]
/// @param concurrent whether all methods are
/// @param atTheEnd is run when the connection has ended, before anybody is told
record Setup(
    Transport transport,
    Executor firstReader,
    Handshake handshake,
    Duration handshakeTime,
    ObjectTree objects,
    Optional<Executor> executor,
    Predicate<DBusConnection> claim,
    ConnectionLimits limits,
    Function<DBusConnection, Budget> budget,
    Duration unixFdsTime,
    ErrorMapping errors,
    boolean paused,
    boolean concurrent,
    Bookkeeping atTheEnd) {}
