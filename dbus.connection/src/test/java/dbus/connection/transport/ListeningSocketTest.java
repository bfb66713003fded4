package dbus.connection.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import dbus.connection.descriptor.Descriptors;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/// Listening sockets that somebody else has made, and those of the internet protocol.
class ListeningSocketTest {

  @TempDir Path directory;

  private Path path;
  private AFUNIXServerSocketChannel original;

  @BeforeEach
  void bind() throws Exception {
    path = directory.resolve("s");
    original = AFUNIXServerSocketChannel.open();
    original.bind(AFUNIXSocketAddress.of(path));
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path));
  }

  // Channels.

  @Test
  @DisplayName("a channel of junixsocket has its path, and peers with descriptors and credentials")
  void channelOfJunixsocket() throws Exception {
    ListeningSocket socket = ListeningSocket.of(original);
    assertEquals("unix:path=" + path, socket.address().toString());
    assertFalse(socket.beyondThisMachine());
    try (SocketChannel client = connect();
        Transport peer = socket.acceptor().accept()) {
      assertTrue(client.isConnected());
      assertTrue(peer.maxUnixFds() > 0);
      assertTrue(peer.credentials().isSameUser(Credentials.ofThisProcess()));
    }
    socket.acceptor().close();
    assertFalse(original.isOpen());
  }

  @Test
  @DisplayName("a channel of an abstract name has an abstract address")
  void abstractName() throws Exception {
    String name = "dbus-test-" + directory.getFileName();
    AFUNIXServerSocketChannel channel = AFUNIXServerSocketChannel.open();
    channel.bind(AFUNIXSocketAddress.inAbstractNamespace(name));
    ListeningSocket socket = ListeningSocket.of(channel);
    assertEquals("unix:abstract=" + name, socket.address().toString());
    socket.acceptor().close();
  }

  @Test
  @DisplayName("ADDR-34 a channel of all addresses is told by the loopback address of its family")
  void allAddresses() throws Exception {
    InetSocketAddress wildcard4 = new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 42);
    InetSocketAddress wildcard6 = new InetSocketAddress(InetAddress.ofLiteral("::"), 42);
    Acceptor none = ListeningSocket.of(original).acceptor();
    ListeningSocket four = ListeningSocket.named(none, wildcard4);
    ListeningSocket six = ListeningSocket.named(none, wildcard6);
    assertEquals("tcp:host=127.0.0.1,port=42,family=ipv4", four.address().toString());
    assertEquals("tcp:host=%3a%3a1,port=42,family=ipv6", six.address().toString());
    assertTrue(four.beyondThisMachine() && six.beyondThisMachine());
    none.close();
  }

  @Test
  @DisplayName("SERV-24 an accepted peer of the internet protocol does not wait to send little")
  void noDelay() throws Exception {
    try (ServerSocketChannel listening =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel client = SocketChannel.open(listening.getLocalAddress());
        SocketChannel accepted = listening.accept()) {
      assertFalse(accepted.getOption(StandardSocketOptions.TCP_NODELAY));
      Transport peer = ChannelAcceptor.transport(accepted);
      assertTrue(accepted.getOption(StandardSocketOptions.TCP_NODELAY));
      assertEquals(Credentials.UNKNOWN, peer.credentials());
      assertTrue(client.isConnected());
    }
  }

  @Test
  @DisplayName("SERV-20 a queue of many peers is held by the kernel until they are accepted")
  void backlog() throws Exception {
    TcpAcceptor acceptor = TcpAcceptor.bind(InetAddress.getLoopbackAddress(), 0);
    List<SocketChannel> clients = new java.util.ArrayList<>();
    for (int i = 0; i < 200; i++) {
      clients.add(
          SocketChannel.open(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), acceptor.port())));
    }
    for (SocketChannel client : clients) {
      acceptor.accept().close();
      client.close();
    }
    acceptor.close();
  }

  // Descriptors.

  /// A second descriptor of the listening socket, as another process would have handed it over.
  private int handedOver() throws IOException {
    return Descriptors.number(Descriptors.duplicate(original.getFileDescriptor()));
  }

  @Test
  @DisplayName("ADDR-38 a descriptor that was handed over has its socket's own name, and its peers")
  void inherited() throws Exception {
    ListeningSocket socket = ListeningSocket.inherited(handedOver(), 1).getFirst();
    assertEquals("unix:path=" + path, socket.address().toString());
    for (int i = 0; i < 3; i++) {
      try (SocketChannel client = connect();
          Transport peer = socket.acceptor().accept()) {
        assertTrue(client.isConnected());
        assertTrue(peer.maxUnixFds() > 0);
        assertTrue(peer.credentials().isSameUser(Credentials.ofThisProcess()));
      }
    }
    socket.acceptor().close();
  }

  @Test
  @DisplayName("ADDR-38, SERV-15 its peers have an address in the classes of the JDK")
  void remoteAddressesOfInherited() throws Exception {
    ListeningSocket unix = ListeningSocket.inherited(handedOver(), 1).getFirst();
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.bind(UnixDomainSocketAddress.of(directory.resolve("client")));
      client.connect(UnixDomainSocketAddress.of(path));
      try (Transport peer = unix.acceptor().accept();
          SocketChannel unnamed = connect();
          Transport nobody = unix.acceptor().accept()) {
        assertTrue(unnamed.isConnected());
        assertEquals(Optional.of(client.getLocalAddress()), peer.remoteAddress());
        assertEquals(Optional.empty(), nobody.remoteAddress());
      }
    }
    unix.acceptor().close();

    for (StandardProtocolFamily family :
        List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)) {
      try (ServerSocketChannel inet = ServerSocketChannel.open(family)) {
        inet.bind(
            family == StandardProtocolFamily.INET
                ? new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)
                : null);
        int port = inet.socket().getLocalPort();
        ListeningSocket socket =
            ListeningSocket.inherited(SocketNumbers.handedOver(port, SocketNumbers.LISTENING), 1)
                .getFirst();
        // What comes by version 4 to a socket of version 6 is told as what it is.
        try (SocketChannel client =
                SocketChannel.open(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            Transport peer = socket.acceptor().accept()) {
          assertEquals(Optional.of(client.getLocalAddress()), peer.remoteAddress());
        }
        socket.acceptor().close();
      }
    }
  }

  @Test
  @DisplayName("ADDR-38 a peer that was there before the descriptor is the first")
  void whoCameFirst() throws Exception {
    try (SocketChannel client = connect()) {
      client.write(ByteBuffer.wrap(new byte[] {1}));
      ListeningSocket socket = ListeningSocket.inherited(handedOver(), 1).getFirst();
      try (SocketChannel later = connect();
          Transport first = socket.acceptor().accept();
          Transport second = socket.acceptor().accept()) {
        later.write(ByteBuffer.wrap(new byte[] {2}));
        assertEquals(1, firstByte(first));
        assertEquals(2, firstByte(second));
      }
      socket.acceptor().close();
    }
  }

  private static int firstByte(Transport peer) throws Exception {
    CompletableFuture<Integer> first = new CompletableFuture<>();
    peer.start(
        new Receiver() {
          @Override
          public boolean received(ByteBuffer bytes, List<FileDescriptor> unixFds) {
            first.complete((int) bytes.get());
            return true;
          }

          @Override
          public boolean resumed() {
            return true;
          }

          @Override
          public void ended(Optional<IOException> failure) {
            first.complete(-1);
          }
        });
    return first.get();
  }

  @Test
  @DisplayName("ADDR-38, SERV-21 it is close-on-exec then, and the number that it had is free")
  void closeOnExec() throws Exception {
    int number = handedOver();
    Path fd = Path.of("/proc/self/fd/" + number);
    String target = Files.readSymbolicLink(fd).toString();
    ListeningSocket socket = ListeningSocket.inherited(number, 1).getFirst();
    assertFalse(Files.isSymbolicLink(fd) && Files.readSymbolicLink(fd).toString().equals(target));
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path one : all.toList()) {
        if (Files.isSymbolicLink(one) && Files.readSymbolicLink(one).toString().equals(target)) {
          String info = Files.readString(Path.of("/proc/self/fdinfo", one.getFileName() + ""));
          assertTrue(info.matches("(?s).*flags:\\s+0?2[0-7]{6}\\n.*"), info);
        }
      }
    }
    socket.acceptor().close();
  }

  @Test
  @DisplayName(
      "ADDR-38 closing ends the wait for peers, and leaves the socket to who has it as well")
  void closing() throws Exception {
    for (int i = 0; i < 20; i++) {
      Acceptor acceptor = ListeningSocket.inherited(handedOver(), 1).getFirst().acceptor();
      CompletableFuture<Void> accepted = new CompletableFuture<>();
      CompletableFuture<Void> waiting =
          CompletableFuture.runAsync(
              () -> {
                while (true) {
                  try {
                    acceptor.accept().close();
                    accepted.complete(null);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
              },
              command -> Thread.ofPlatform().start(command));
      // It is closed before the wait, or in it.
      if (i % 2 == 0) {
        connect().close();
        accepted.get();
      }
      acceptor.close();
      acceptor.close();
      var e = assertThrows(ExecutionException.class, waiting::get);
      assertInstanceOf(java.io.UncheckedIOException.class, e.getCause());
      assertThrows(IOException.class, acceptor::accept);
    }
    // The other holder still listens.
    original.configureBlocking(true);
    try (SocketChannel client = connect();
        AFUNIXSocketChannel peer = original.accept()) {
      assertTrue(client.isConnected() && peer.isConnected());
    }
  }

  @Test
  @DisplayName("ADDR-38 what does not listen is refused by its number, and stays as it was")
  void notListening() throws Exception {
    int good = handedOver();
    AFUNIXSocketChannel connected = AFUNIXSocketChannel.open();
    connected.connect(AFUNIXSocketAddress.of(path));
    assertRefused(Descriptors.number(connected.getFileDescriptor()), "connected to a peer already");
    assertTrue(connected.isConnected());
    connected.write(ByteBuffer.wrap(new byte[] {1}));
    try (AFUNIXDatagramSocket datagrams = AFUNIXDatagramSocket.newInstance()) {
      datagrams.bind(AFUNIXSocketAddress.of(directory.resolve("d")));
      assertRefused(Descriptors.number(datagrams.getFileDescriptor()), "a datagram socket");
    }
    Path file = Files.writeString(directory.resolve("file"), "text");
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      assertRefused(Descriptors.number(in.getFD()), "is a file");
      assertEquals('t', in.read());
    }
    assertRefused(4000, "");
    assertTrue(Files.exists(Path.of("/proc/self/fd/" + good)));
  }

  private static void assertRefused(int number, String text) {
    var e = assertThrows(IOException.class, () -> ListeningSocket.inherited(number, 1));
    assertTrue(
        e.getMessage().startsWith("descriptor " + number + " cannot be listened on: "),
        e::getMessage);
    assertTrue(e.getMessage().contains(text), e::getMessage);
  }

  @Test
  @DisplayName("an unnamed socket is refused")
  void unnamed() throws Exception {
    try (ServerSocketChannel unbound = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertNull(unbound.getLocalAddress());
      assertThrows(IOException.class, () -> ListeningSocket.of(unbound));
      assertTrue(unbound.isOpen());
    }
  }
}
