package dbus.testkit.cli;

import dbus.auth.ClientHandshake;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A client's handshake over a transport, and nothing after it. Once the transport is started, its
/// thread is the only one that touches the handshake.
final class ClientDialogue implements Receiver {
  private final ClientHandshake client;
  private final Transport transport;
  private final CompletableFuture<HandshakeStatus> result = new CompletableFuture<>();

  private ClientDialogue(ClientHandshake client, Transport transport) {
    this.client = client;
    this.transport = transport;
  }

  /// Leads the handshake to its end, or to the end of its time. The transport stays open.
  static HandshakeStatus hold(ClientHandshake client, Transport transport, Duration limit)
      throws IOException {
    ClientDialogue dialogue = new ClientDialogue(client, transport);
    transport.write(client.takeOutput(), List.of());
    if (!(client.status() instanceof NeedsMore)) {
      return client.status();
    }
    transport.start(dialogue);
    try {
      return dialogue.result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Failed(FailureReason.TIMED_OUT, "no end within " + limit, Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Failed(FailureReason.ABORTED, "interrupted", Optional.empty());
    } catch (ExecutionException e) {
      throw new AssertionError("never completed so", e);
    }
  }

  @Override
  public boolean received(ByteBuffer bytes, List<FileDescriptor> unixFds) {
    HandshakeStatus status = client.receive(bytes);
    // Messages may follow; nobody wants them here.
    bytes.position(bytes.limit());
    try {
      if (client.hasOutput()) {
        transport.write(client.takeOutput(), List.of());
      }
    } catch (IOException e) {
      ended(Optional.of(e));
      return true;
    }
    if (!(status instanceof NeedsMore)) {
      result.complete(status);
    }
    return true;
  }

  @Override
  public boolean resumed() {
    throw new AssertionError("nobody is relieved here");
  }

  @Override
  public void ended(Optional<IOException> failure) {
    String how = failure.map(e -> "the connection broke: " + e.getMessage()).orElse("");
    result.complete(
        client.abort(FailureReason.END_OF_STREAM, how.isEmpty() ? "the server hung up" : how));
  }
}
