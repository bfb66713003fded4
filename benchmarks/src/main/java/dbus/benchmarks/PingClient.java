package dbus.benchmarks;

import dbus.auth.Credentials;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/// A client of a server in another process: a socket without a thread, so that what is measured is
/// the server and not a client.
final class PingClient implements AutoCloseable {

  private static final MethodCall PING =
      MethodCall.of(
          new ObjectPath("/"),
          new InterfaceName("org.freedesktop.DBus.Peer"),
          new MemberName("Ping"));

  private final SocketChannel socket;
  private final MessageEncoder encoder = new MessageEncoder();
  private final MessageDecoder decoder = new MessageDecoder();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
  private int serial;

  private PingClient(SocketChannel socket) {
    this.socket = socket;
  }

  /// Connects, and says nothing.
  static PingClient silent(Path socket) throws IOException {
    return new PingClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /// Connects and authenticates as the user of this process.
  static PingClient authenticated(Path socket) throws IOException {
    PingClient client = silent(socket);
    byte[] uid =
        String.valueOf(Credentials.ofThisProcess().uid().orElseThrow())
            .getBytes(StandardCharsets.US_ASCII);
    client.send(
        StandardCharsets.US_ASCII.encode(
            "\0AUTH EXTERNAL " + HexFormat.of().formatHex(uid) + "\r\nBEGIN\r\n"));
    byte last = 0;
    while (last != '\n') {
      client.buffer.clear().limit(1);
      client.receive();
      last = client.buffer.get(0);
    }
    return client;
  }

  void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  private void receive() throws IOException {
    if (socket.read(buffer) < 0) {
      throw new EOFException("the server hung up");
    }
  }

  /// Pings, and waits for the answer.
  ///
  /// @return how long it took, in nanoseconds
  long ping() throws IOException, InvalidMessageException {
    encoder.append(PING, ++serial);
    buffer.clear();
    encoder.drainTo(buffer);
    long begin = System.nanoTime();
    send(buffer.flip());
    while (decoder.next().isEmpty()) {
      buffer.clear();
      receive();
      decoder.feed(buffer.flip());
    }
    return System.nanoTime() - begin;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
