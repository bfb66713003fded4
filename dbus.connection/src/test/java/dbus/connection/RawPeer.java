package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixSocketAcceptor;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.UnixFds;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.ConnectionResetSocketException;

/// A peer over a real unix socket, which sends what a test tells it to, byte by byte and descriptor
/// by descriptor. The connection under test has the other end of the socket.
final class RawPeer implements AutoCloseable {

  static final String HANDSHAKE = "\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n";

  private final AFUNIXSocketChannel socket;
  private final Transport other;
  private final MessageDecoder decoder = new MessageDecoder();
  private final List<UnixFd> came = new ArrayList<>();
  private int serial;

  RawPeer() throws IOException {
    Path directory = Files.createTempDirectory("dbus");
    Path path = directory.resolve("socket");
    try (UnixSocketAcceptor acceptor = UnixSocketAcceptor.bind(path)) {
      socket = AFUNIXSocketChannel.open(AFUNIXSocketAddress.of(path));
      socket.ensureAncillaryReceiveBufferSize(256);
      other = acceptor.accept();
    } finally {
      Files.deleteIfExists(path);
      Files.delete(directory);
    }
  }

  /// For the connection under test.
  Transport transport() {
    return other;
  }

  /// Sends bytes in one piece, and descriptors with the first of them. These stay open here.
  void sends(byte[] bytes, UnixFd... unixFds) throws IOException {
    socket.setOutboundFileDescriptors(
        Arrays.stream(unixFds).map(UnixFd::fileDescriptor).toArray(FileDescriptor[]::new));
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      socket.write(rest);
    }
  }

  void sends(String text, UnixFd... unixFds) throws IOException {
    sends(text.getBytes(StandardCharsets.ISO_8859_1), unixFds);
  }

  static byte[] bytes(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }

  byte[] bytesOf(Message message) {
    return bytesOf(message, ByteOrder.nativeOrder());
  }

  byte[] bytesOf(Message message, ByteOrder order) {
    return MessageEncoder.encode(message, ++serial, order);
  }

  void authenticates() throws IOException {
    sends(HANDSHAKE);
    assertTrue(receivesLine().startsWith("DATA"));
    assertTrue(receivesLine().startsWith("OK "));
    assertEquals("AGREE_UNIX_FD", receivesLine());
  }

  String receivesLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (!line.toString().endsWith("\r\n")) {
      ByteBuffer one = ByteBuffer.allocateDirect(1);
      assertEquals(1, socket.read(one), () -> "the end came after " + line);
      line.append((char) one.get(0));
    }
    return line.substring(0, line.length() - 2);
  }

  /// The next message, with its descriptors.
  Message receives() throws Exception {
    for (Optional<Message> next = decoder.next(); ; next = decoder.next()) {
      if (next.isPresent()) {
        int count = next.get().unixFds();
        List<UnixFd> its = List.copyOf(came.subList(0, count));
        came.subList(0, count).clear();
        return next.get().withUnixFds(UnixFds.of(its));
      }
      ByteBuffer bytes = ByteBuffer.allocateDirect(4096);
      assertTrue(socket.read(bytes) > 0, "the end came instead of a message");
      for (FileDescriptor one : socket.getReceivedFileDescriptors()) {
        came.add(UnixFd.of(one));
      }
      decoder.feed(bytes.flip());
    }
  }

  void endsItsStream() throws IOException {
    socket.shutdownOutput();
  }

  /// Closes its socket; what it has sent can still be read.
  void leaves() throws IOException {
    socket.close();
  }

  /// Waits until the other side has closed the connection. What it still sent is dropped. If it has
  /// left something unread, the system says so.
  void seesTheEnd() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(4096);
    try {
      while (socket.read(bytes.clear()) >= 0) {
        assertEquals(0, socket.getReceivedFileDescriptors().length, "descriptors came");
      }
    } catch (ConnectionResetSocketException unread) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    came.forEach(UnixFd::close);
    socket.close();
    other.close();
  }
}
