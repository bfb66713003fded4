package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dbus.auth.Credentials;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A peer in memory, which says what a test tells it to, byte by byte. It is the transport of the
/// connection under test at the same time; the test's thread is the one that reads.
final class ScriptedPeer implements Transport {

  static final long UID = 4711;

  private final BlockingQueue<ByteBuffer> written = new LinkedBlockingQueue<>();
  private final MessageDecoder decoder = new MessageDecoder();
  private Receiver receiver;
  private volatile boolean closed;
  private int serial;

  // What the connection does.

  @Override
  public void start(Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
    written.add(copy.put(bytes).flip());
  }

  @Override
  public Credentials credentials() {
    return Credentials.ofUid(UID);
  }

  @Override
  public int maxUnixFds() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
  }

  // What the test does.

  boolean isClosed() {
    return closed;
  }

  /// Sends them all in one piece.
  void sends(byte[]... parts) {
    ByteBuffer packet = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    Arrays.stream(parts).forEach(packet::put);
    receiver.received(packet.flip(), List.of());
  }

  void sends(String text) {
    sends(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void endsItsStream() {
    receiver.ended(Optional.empty());
  }

  static String handshake() {
    String uid = HexFormat.of().formatHex(Long.toString(UID).getBytes(StandardCharsets.US_ASCII));
    return "\0AUTH EXTERNAL " + uid + "\r\nBEGIN\r\n";
  }

  void authenticates() throws Exception {
    sends(handshake());
    assertEquals("OK ", receivesText().substring(0, 3));
  }

  byte[] bytesOf(Message message) {
    return MessageEncoder.encode(message, ++serial, ByteOrder.nativeOrder());
  }

  void sends(Message message) {
    sends(bytesOf(message));
  }

  static MethodCall call(String path, String interfaceName, String member) {
    return MethodCall.of(
        new ObjectPath(path), new InterfaceName(interfaceName), new MemberName(member));
  }

  /// The next message that the connection sends, whichever thread it comes from.
  Message receives() throws Exception {
    for (Optional<Message> next = decoder.next(); ; next = decoder.next()) {
      if (next.isPresent()) {
        return next.get();
      }
      ByteBuffer bytes = written.poll(30, TimeUnit.SECONDS);
      assertNotNull(bytes, "no message came");
      decoder.feed(bytes);
    }
  }

  /// What the connection has written first of all that was not looked at, in one piece.
  String receivesText() {
    return text(written.remove());
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }
}
