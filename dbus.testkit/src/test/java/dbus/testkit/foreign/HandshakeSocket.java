package dbus.testkit.foreign;

import dbus.auth.FailureReason;
import dbus.auth.Handshake;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// A handshake over a unix socket, and nothing after it.
final class HandshakeSocket {
  private HandshakeSocket() {}

  static HandshakeStatus connect(Path socket, Handshake client) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return run(client, channel);
    }
  }

  /// Listens, starts a client, and answers it until the handshake is over.
  static HandshakeStatus serve(Path socket, Handshake server, Client client) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Process process = client.start("unix:path=" + socket);
      // A client that dies before it connects would leave the accept waiting.
      CompletableFuture<Void> closing = process.onExit().thenRun(() -> close(listener));
      HandshakeStatus status;
      try (SocketChannel channel = listener.accept()) {
        status = run(server, channel);
      }
      closing.join();
      return status;
    }
  }

  /// Starts a client of an address.
  interface Client {
    Process start(String address) throws IOException;
  }

  static HandshakeStatus run(Handshake handshake, SocketChannel channel) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(4096);
    while (true) {
      ByteBuffer out = handshake.takeOutput();
      try {
        while (out.hasRemaining()) {
          channel.write(out);
        }
      } catch (IOException e) {
        return handshake.abort(FailureReason.END_OF_STREAM, "the peer hung up: " + e);
      }
      if (!(handshake.status() instanceof NeedsMore)) {
        return handshake.status();
      }
      in.clear();
      try {
        if (channel.read(in) < 0) {
          return handshake.abort(FailureReason.END_OF_STREAM, "the peer hung up");
        }
      } catch (IOException e) {
        return handshake.abort(FailureReason.END_OF_STREAM, "the peer hung up: " + e);
      }
      handshake.receive(in.flip());
    }
  }

  private static void close(ServerSocketChannel listener) {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
