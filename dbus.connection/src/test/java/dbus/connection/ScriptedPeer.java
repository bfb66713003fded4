package dbus.connection;

import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// A peer in memory, which says what a test tells it to, byte by byte. It is the transport of the
/// connection under test at the same time. A thread of its own reads; the test waits until what it
/// sends has been dealt with, or has been left to a handler that takes long.
final class ScriptedPeer implements Transport {

  static final long UID = 4711;

  /// How the names of the threads that read begin; a number follows.
  static final String READER = "scripted-reader-";

  private final ThreadFactory threads = Thread.ofPlatform().daemon().name(READER, 1).factory();

  /// Stands for the end of the stream.
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  private final BlockingQueue<ByteBuffer> written = new LinkedBlockingQueue<>();
  private final MessageDecoder decoder = new MessageDecoder();
  private final BlockingQueue<ByteBuffer> incoming = new LinkedBlockingQueue<>();
  private volatile boolean readsNoMore;
  private volatile CountDownLatch dealtWith = new CountDownLatch(0);
  private volatile Receiver receiver;
  private volatile boolean closed;
  private int serial;

  /// The server's side of a connection with this peer, which lets it in.
  ServerSide served(Guid guid) {
    return DBusConnection.serverSide(this, guid)
        .policy(AuthPolicy.sameUserAs(Credentials.ofUid(UID)));
  }

  ServerSide served() {
    return served(Guid.random());
  }

  // What the connection does.

  @Override
  public void start(Receiver receiver) {
    this.receiver = receiver;
    threads.newThread(this::read).start();
  }

  @Override
  public void readElsewhere() {
    threads.newThread(this::readOn).start();
  }

  private void readOn() {
    if (receiver.resumed()) {
      dealtWith.countDown();
      read();
    }
  }

  private void read() {
    try {
      ByteBuffer packet = incoming.take();
      while (packet.hasRemaining()) {
        if (!receiver.received(packet, List.of())) {
          return;
        }
        dealtWith.countDown();
        packet = incoming.take();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    receiver.ended(Optional.empty());
    readsNoMore = true;
    dealtWith.countDown();
  }

  @Override
  public void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    write(bytes, unixFds);
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
  public Optional<SocketAddress> remoteAddress() {
    return Optional.of(InetSocketAddress.createUnresolved("peer.example", 42));
  }

  @Override
  public int maxUnixFds() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
    incoming.add(END);
  }

  // What the test does.

  boolean isClosed() {
    return closed;
  }

  /// Whether the connection has written nothing that was not looked at.
  boolean hasHeardAll() {
    return written.isEmpty() && decoder.pending() == 0;
  }

  /// Sends them all in one piece.
  void sends(byte[]... parts) {
    ByteBuffer packet = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    Arrays.stream(parts).forEach(packet::put);
    push(packet.flip());
  }

  private void push(ByteBuffer packet) {
    CountDownLatch done = new CountDownLatch(1);
    dealtWith = done;
    incoming.add(packet);
    if (readsNoMore) {
      return;
    }
    try {
      assertTrue(done.await(30, TimeUnit.SECONDS), "the connection does not read on");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void sends(String text) {
    sends(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// From now on writing to it fails, though it sends still.
  void breaks() {
    closed = true;
  }

  void endsItsStream() {
    push(END);
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

  /// A signal of the peer's with a text.
  static Signal signal(String text) {
    return Signal.of(
            new ObjectPath("/peer"), new InterfaceName("com.example.Peer1"), new MemberName("S"))
        .withBody(Body.of(STRING, text));
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

  /// How many pieces the connection has written that were not looked at.
  int pieces() {
    return written.size();
  }

  /// What the connection has written first of all that was not looked at, in one piece.
  String receivesText() {
    return text(written.remove());
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }
}
