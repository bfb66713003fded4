package dbus.auth;

import java.net.SocketAddress;
import java.util.Optional;

/// What a server knows about a client that has authenticated and waits to be let in.
///
/// @param mechanism the mechanism that succeeded, such as `EXTERNAL`
/// @param identity who the client proved to be; empty if it is anonymous
/// @param socket what the platform says about the process that connected. For an anonymous client
///   this is not its identity (AUTH-53), though an observer may decide to look at it
/// @param address where the client connects from, if the transport knows
/// @param trace what an anonymous client said about itself; for logs, never for decisions
public record PeerInfo(
    String mechanism,
    Optional<Credentials> identity,
    Credentials socket,
    Optional<SocketAddress> address,
    Optional<String> trace) {}
