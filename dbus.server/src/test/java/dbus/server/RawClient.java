package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.address.Tcp;
import dbus.address.UnixPath;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/// A client that does what a test tells it, and no more: a socket without a thread. It costs next
/// to nothing, so that a test can have thousands.
final class RawClient implements AutoCloseable {

  private final SocketChannel socket;
  private final MessageDecoder decoder = new MessageDecoder();
  private int serial;

  private RawClient(SocketChannel socket) {
    this.socket = socket;
  }

  /// Connects, and says nothing.
  static RawClient silent(DBusServer server) throws IOException {
    return switch (server.clientAddress()) {
      case UnixPath unix -> at(unix.path().toPath());
      case Tcp tcp ->
          new RawClient(SocketChannel.open(new InetSocketAddress(tcp.hostOrDefault(), tcp.port())));
      case Address other -> throw new AssertionError(other);
    };
  }

  /// The same, of a server in another process.
  static RawClient at(Path socket) throws IOException {
    return new RawClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /// Connects and authenticates as the user of this process; what it sends next is a message.
  static RawClient authenticated(DBusServer server) throws IOException {
    return silent(server).authenticate();
  }

  /// Connects as nobody.
  static RawClient anonymous(DBusServer server) throws IOException {
    return silent(server).send("\0AUTH ANONYMOUS\r\nBEGIN\r\n").expectOk();
  }

  /// Connects and authenticates, and does not wait for the answer.
  static RawClient hasty(DBusServer server) throws IOException {
    return silent(server).send(handshake());
  }

  static String handshake() {
    String uid = String.valueOf(dbus.auth.Credentials.ofThisProcess().uid().orElseThrow());
    return "\0AUTH EXTERNAL "
        + HexFormat.of().formatHex(uid.getBytes(StandardCharsets.US_ASCII))
        + "\r\nBEGIN\r\n";
  }

  RawClient authenticate() throws IOException {
    return send(handshake()).expectOk();
  }

  RawClient expectOk() throws IOException {
    assertEquals("OK ", read(37).substring(0, 3));
    return this;
  }

  RawClient send(String ascii) throws IOException {
    return send(StandardCharsets.ISO_8859_1.encode(ascii));
  }

  RawClient send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
    return this;
  }

  RawClient send(Message message) throws IOException {
    return send(encoded(message));
  }

  /// The bytes of a message, with the next serial.
  ByteBuffer encoded(Message message) {
    MessageEncoder encoder = new MessageEncoder();
    ByteBuffer bytes = ByteBuffer.allocate(encoder.append(message, ++serial));
    encoder.drainTo(bytes);
    return bytes.flip();
  }

  static MethodCall call(String path, String interfaceName, String member) {
    return MethodCall.of(
        new ObjectPath(path), new InterfaceName(interfaceName), new MemberName(member));
  }

  static MethodCall pingCall() {
    return call("/", "org.freedesktop.DBus.Peer", "Ping");
  }

  /// Pings, and waits for the answer to that.
  void ping() throws Exception {
    send(pingCall());
    Message answer = receive();
    assertTrue(answer instanceof dbus.wire.MethodReturn, answer::toString);
    assertEquals(serial, ((dbus.wire.MethodReturn) answer).replySerial());
  }

  /// The next message.
  Message receive() throws Exception {
    while (true) {
      Optional<Message> next = decoder.next();
      if (next.isPresent()) {
        return next.get();
      }
      // No more than this message, so that a test can also read what comes after it as bytes.
      ByteBuffer bytes = ByteBuffer.allocate(decoder.missing());
      if (socket.read(bytes) < 0) {
        throw new IOException("the server has closed the connection");
      }
      decoder.feed(bytes.flip());
    }
  }

  /// What the server sends next, so many bytes or up to the end.
  String read(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && socket.read(bytes) >= 0) {
      assertTrue(bytes.position() >= 0);
    }
    return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
  }

  /// Waits for the end of the connection, whatever comes before. A socket that is closed before all
  /// that was sent to it has been read ends with a reset.
  void awaitEnd() {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    try {
      while (socket.read(bytes.clear()) >= 0) {
        assertTrue(bytes.position() >= 0);
      }
    } catch (IOException reset) {
      assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset::toString);
    }
  }

  SocketChannel socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
