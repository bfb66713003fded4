/// Both sides of the D-Bus authentication protocol, without I/O.
///
/// A server builds a [ServerHandshake] for each connection, a client a [ClientHandshake]; either is
/// fed what was received and gives what is to be sent. A server on a unix socket of the JDK:
///
/// ```java
/// SocketChannel accepted = listening.accept();
/// ServerHandshake server =
///     ServerHandshake.builder(Guid.random())
///         .socket(Credentials.ofPeer(accepted)) // Who is there, says the platform.
///         .policy(AuthPolicy.sameUser())
///         .build();
///
/// ByteBuffer received = ByteBuffer.allocate(4096);
/// while (server.status() instanceof NeedsMore && accepted.read(received.clear()) >= 0) {
///   server.receive(received.flip());
///   accepted.write(server.takeOutput());
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
/// And its client:
///
/// ```java
/// ClientHandshake client = ClientHandshake.builder().build();
/// ByteBuffer answer = ByteBuffer.allocate(4096);
/// connected.write(client.takeOutput());
/// while (client.status() instanceof NeedsMore && connected.read(answer.clear()) >= 0) {
///   client.receive(answer.flip());
///   connected.write(client.takeOutput());
/// }
/// ```
///
/// What is left in the buffer once a side is [HandshakeStatus.Authenticated] is the beginning of
/// the first message. What `socket` is given decides who is believed: credentials that the platform
/// tells of the other end, and nothing else. With another library for sockets they come through
/// [Credentials#ofSocket(long, long, long)]; on tcp there are none, [Credentials#UNKNOWN].
///
/// # For a reviewer
///
/// Each question has one place where it is answered:
///
/// | question | place |
/// | --- | --- |
/// | What is a line, and what is none? | [Command], read by `CommandParser`, cut by `LineReader` |
/// | What does the server do in which state? | [ServerHandshake], one method for each state |
/// | What does the client do? | [ClientHandshake], one method for each state |
/// | Who is believed? | `ExternalServer`, `CookieServer`, `AnonymousServer`, behind [ServerMechanism] |
/// | What does a client reveal? | `ExternalClient`, `CookieClient`, `AnonymousClient`, behind [ClientMechanism] |
/// | Who of those is let in? | [AuthPolicy], then [AuthObserver]; asked in `ServerHandshake.authorize` and nowhere else |
/// | Where are the secrets, and who may read them? | package `dbus.auth.keyring`, by way of [CookieKeyring] |
/// | What can a stranger cost? | [HandshakeLimits], every limit with its source |
/// | How can it end? | [HandshakeStatus], [FailureReason] |
///
/// # States
///
/// The diagrams of the specification. Each cell, with the line that answers it, is in the tables at
/// [ServerHandshake] and [ClientHandshake], and in a test for each side.
///
/// | server is in | goes on with | to | falls back with | to | ends with |
/// | --- | --- | --- | --- | --- | --- |
/// | WaitingForNul | NUL | WaitingForAuth | | | any other byte |
/// | WaitingForAuth | `AUTH`, challenged | WaitingForData | `AUTH`, rejected; `ERROR` | WaitingForAuth | `BEGIN` |
/// | | `AUTH`, accepted and admitted | WaitingForBegin | | | observer says no |
/// | WaitingForData | `DATA`, challenged again | WaitingForData | `DATA`, rejected; `CANCEL`; `ERROR` | WaitingForAuth | `BEGIN` |
/// | | `DATA`, accepted and admitted | WaitingForBegin | | | observer says no |
/// | WaitingForBegin | `NEGOTIATE_UNIX_FD` | WaitingForBegin | `CANCEL`; `ERROR` | WaitingForAuth | |
/// | | `BEGIN` | **authenticated** | | | |
///
/// | client is in | goes on with | to | falls back with | to | ends with |
/// | --- | --- | --- | --- | --- | --- |
/// | WaitingForData | `DATA`, answered | WaitingForData or WaitingForOK | `REJECTED`: next mechanism | WaitingForData or WaitingForOK | `REJECTED`, none left |
/// | | `OK` | as from WaitingForOK | `ERROR` | WaitingForReject | `OK` of another server, or without a guid |
/// | WaitingForOK | `OK`, descriptors wanted | WaitingForAgreeUnixFD | `REJECTED`: next mechanism | WaitingForData or WaitingForOK | `REJECTED`, none left |
/// | | `OK`, no descriptors wanted | **authenticated** | `DATA`; `ERROR` | WaitingForReject | `OK` of another server, or without a guid |
/// | WaitingForReject | | | `REJECTED`: next mechanism | WaitingForData or WaitingForOK | `REJECTED`, none left; any other line |
/// | WaitingForAgreeUnixFD | `AGREE_UNIX_FD`; `ERROR` | **authenticated** | | | any other line |
///
/// Every other line is answered with `ERROR` and changes nothing. A limit that is reached ends the
/// handshake in every state.
///
/// # Mechanisms
///
/// | mechanism | client says | server says | proof | identity |
/// | --- | --- | --- | --- | --- |
/// | EXTERNAL | its uid or SID, or nothing and then empty `DATA` | an empty challenge, if nothing was said | what the platform says of the socket; the claim must agree | the socket's |
/// | DBUS_COOKIE_SHA1 | its uid or login name | context, number of a cookie, challenge | | |
/// | | own challenge, digest | | SHA-1 over both challenges and the cookie | the server's own user |
/// | ANONYMOUS | a text for logs, or nothing | | none | none |
///
/// # Who is let in
///
/// The server's own user, unless an [AuthPolicy] says otherwise. A mechanism that is not offered is
/// never accepted. What is not known about a peer is unknown and never root.
///
/// # Secrets
///
/// The only secrets are the cookies. They are read into byte arrays that are overwritten after use,
/// and never become a text. What travels is a digest, which holds for one challenge; digests are
/// compared in constant time. Lines, the commands read from them, and payloads hold digests and
/// challenges, never cookies; they are left to the garbage collector and not overwritten, but for
/// the buffer that the lines are cut from. Payloads are never part of a text for people.
///
/// # Files
///
/// Only DBUS_COOKIE_SHA1 touches any, those of its [CookieKeyring], and only when a peer uses the
/// mechanism. Whether the directory above them is there is looked at when a peer connects: without
/// it the mechanism is not offered.
///
/// # Errors
///
/// A peer causes a [HandshakeStatus.Failed], never an exception. A wrong argument of the caller is
/// an `IllegalArgumentException` or `IllegalStateException`.
@NullMarked
package dbus.auth;

import org.jspecify.annotations.NullMarked;
