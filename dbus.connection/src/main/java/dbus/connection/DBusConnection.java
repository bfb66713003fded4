package dbus.connection;

import dbus.address.Guid;
import dbus.auth.Credentials;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.Transport;
import dbus.wire.Message;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// One authenticated peer.
///
/// There is no message bus between the two sides: neither has a unique name, and what a message
/// says of its sender means nothing. Who the peer is, is told by [#identity()].
///
/// All methods may be called from any thread, also from handlers.
public final class DBusConnection implements AutoCloseable {

  /// How long [#close()] waits for what was sent to be written.
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Authenticated peer;
  private final Credentials credentials;
  private final Outbox outbox;
  private final ObjectTree objects;
  private final Engine engine;

  DBusConnection(
      Authenticated peer,
      Credentials credentials,
      Outbox outbox,
      ObjectTree objects,
      Engine engine) {
    this.peer = peer;
    this.credentials = credentials;
    this.outbox = outbox;
    this.objects = objects;
    this.engine = engine;
  }

  /// Begins the server's side of a connection over a transport.
  ///
  /// @param guid the server's, which the peer is told
  public static ServerSide serverSide(Transport transport, Guid guid) {
    return new ServerSide(transport, guid);
  }

  /// Who the peer has proved to be; empty if it is anonymous.
  public Optional<Credentials> identity() {
    return peer.identity();
  }

  /// Who the operating system says the peer is, whoever it has authenticated as;
  /// [Credentials#UNKNOWN] where it does not say. For information: decide by [#identity()].
  public Credentials credentials() {
    return credentials;
  }

  /// The mechanism that it authenticated with, such as `EXTERNAL`.
  public String mechanism() {
    return peer.mechanism();
  }

  /// The guid of the server that this connection belongs to.
  public Guid serverGuid() {
    return peer.guid();
  }

  /// Whether both sides agreed to pass file descriptors.
  public boolean passesUnixFds() {
    return peer.unixFds();
  }

  /// Exports interfaces at a path, for this peer alone. Those that are exported when the connection
  /// is new are there for its first message.
  ///
  /// @return closing it takes them away again
  /// @throws IllegalStateException if one of them is at this path already
  public Export export(ObjectPath path, Interface... interfaces) {
    return objects.export(path, interfaces);
  }

  /// Sends a message; its serial is given here. The message is written at once, by this thread, or
  /// behind those that are being written. Where too much waits already, this waits too.
  ///
  /// @throws IOException if the connection has ended
  /// @throws IllegalArgumentException if the message cannot be sent, being too large; the
  ///   connection goes on
  public void send(Message message) throws IOException {
    if (!outbox.send(message)) {
      throw new IOException("the connection has ended");
    }
  }

  /// Sends a message unless the connection has ended, which is nothing to report where an answer
  /// comes too late.
  void trySend(Message message) {
    outbox.send(message);
  }

  /// Whether it has ended.
  public boolean isClosed() {
    return engine.hasEnded();
  }

  /// Completes once, with the reason, when the connection has ended.
  public CompletionStage<CloseReason> closed() {
    return engine.over();
  }

  /// Ends the connection, after what was sent so far has been written; that is waited for up to
  /// five seconds. Does nothing if it has ended.
  @Override
  public void close() {
    try {
      outbox.flush(CLOSING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    engine.end(CloseReason.of(Kind.LOCAL, "closed by this side"));
  }

  ObjectTree objects() {
    return objects;
  }

  @Override
  public String toString() {
    return "DBusConnection[" + peer.mechanism() + ", " + peer.identity() + "]";
  }
}
