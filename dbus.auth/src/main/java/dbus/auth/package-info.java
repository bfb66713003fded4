/// Both sides of the D-Bus authentication protocol, without I/O.
///
/// A server builds a [ServerHandshake] for each connection, a client a [ClientHandshake]; either is
/// fed what was received and gives what is to be sent. Here the two are joined without a socket
/// between them:
///
/// ```java
/// Credentials peer = Credentials.ofThisProcess(); // of the socket, read when it was accepted
/// ServerHandshake server =
///     ServerHandshake.builder(Guid.random())
///         .socket(peer)
///         .policy(AuthPolicy.sameUser())
///         .unixFds(true)
///         .build();
/// ClientHandshake client = ClientHandshake.builder().unixFds(true).build();
///
/// while (client.hasOutput()) {
///   server.receive(client.takeOutput());
///   client.receive(server.takeOutput());
/// }
///
/// String told =
///     switch (server.status()) {
///       case Authenticated done -> done.mechanism() + " as " + done.identity().orElseThrow();
///       case Failed failed -> "refused, " + failed;
///       case NeedsMore _ -> "unfinished";
///     };
/// ```
///
/// What is left in the buffer once the server is [HandshakeStatus.Authenticated] is the beginning
/// of the first message.
///
/// **Who is let in.** The server's own user, unless an [AuthPolicy] says otherwise. A mechanism
/// that is not offered is never accepted.
///
/// **Secrets.** Payloads are never part of a text that this package makes; buffers are cleared once
/// a line is read, and cookies once they are used.
///
/// **Files.** Only DBUS_COOKIE_SHA1 touches any, those of its [CookieKeyring], and only when a peer
/// uses the mechanism.
///
/// **Errors.** A peer causes a [HandshakeStatus.Failed], never an exception. A wrong argument of
/// the caller is an `IllegalArgumentException` or `IllegalStateException`.
@NullMarked
package dbus.auth;

import org.jspecify.annotations.NullMarked;
