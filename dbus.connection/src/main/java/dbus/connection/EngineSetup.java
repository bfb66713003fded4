package dbus.connection;

import dbus.auth.Handshake;
import dbus.connection.transport.Transport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/// What is different on the two sides of a connection, and from one to the next.
///
/// @param claim is shown the authenticated peer, and says whether it is wanted
/// @param maxUnixFds how many file descriptors a message may have, if any were agreed on
/// @param messageTime how long a message may take from its first byte to its last
/// @param unixFdsTime the same for a message with descriptors
/// @param paused whether messages wait until [Engine#unpause]
record EngineSetup(
    Transport transport,
    Handshake handshake,
    Duration handshakeTime,
    ObjectTree objects,
    Optional<Executor> executor,
    Predicate<DBusConnection> claim,
    int callsInProgress,
    long outgoingBytes,
    int maxUnixFds,
    Optional<Duration> messageTime,
    Duration unixFdsTime,
    ErrorMapping errors,
    boolean paused) {}
