package dbus.connection.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientMechanism;
import dbus.auth.Credentials;
import dbus.connection.DBusConnection;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.descriptor.SocketPair;
import dbus.wire.Body;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/// Connected channels that somebody else has made, and descriptors that this process was started
/// with. Descriptors that come with messages are in `UnixFdTransportTest`.
@DisplayName("SERV-35 a connected socket that exists already")
class ConnectedSocketTest {

  private static final Guid GUID = Guid.random();

  @TempDir Path directory;

  /// Speaks D-Bus over both ends.
  private static void speaks(Transport client, Transport server) throws Exception {
    AuthPolicy everybody = AuthPolicy.sameUser().allowAnonymous();
    var serving = DBusConnection.serverSide(server, GUID).policy(everybody).start();
    try (DBusConnection peer =
        DBusConnection.clientSide(client)
            .mechanisms(ClientMechanism.external(), ClientMechanism.anonymous())
            .connect()) {
      assertEquals(GUID, peer.serverGuid());
      var _ = peer.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
    }
    var _ = serving.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static ServerSocketChannel tcp() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @Test
  @DisplayName("may be a channel of junixsocket, with descriptors and credentials")
  void channelOfJunixsocket() throws Exception {
    AFUNIXSocketAddress path = AFUNIXSocketAddress.of(directory.resolve("s"));
    try (AFUNIXServerSocketChannel listening = AFUNIXServerSocketChannel.open()) {
      listening.bind(path);
      AFUNIXSocketChannel ours = AFUNIXSocketChannel.open(path);
      AFUNIXSocketChannel theirs = listening.accept();
      // As a program that waits for many channels has them.
      ours.configureBlocking(false);
      theirs.configureBlocking(false);
      Transport client = ConnectedSocket.of(ours);
      Transport server = ConnectedSocket.of(theirs);
      assertTrue(client.maxUnixFds() > 0);
      assertEquals(Credentials.ofThisProcess().pid(), server.credentials().pid());
      speaks(client, server);
    }
  }

  @Test
  @DisplayName("may be a channel of the JDK, of unix or tcp, without descriptors")
  void channelsOfJdk() throws Exception {
    UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel unix =
            ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(path);
        ServerSocketChannel tcp = tcp()) {
      for (ServerSocketChannel listening : List.of(unix, tcp)) {
        SocketChannel ours = SocketChannel.open(listening.getLocalAddress());
        Transport server = ConnectedSocket.of(listening.accept());
        assertEquals(
            listening.equals(unix), server.credentials().isSameUser(Credentials.ofThisProcess()));
        assertEquals(0, server.maxUnixFds());
        speaks(ConnectedSocket.of(ours), server);
      }
    }
  }

  @Test
  @DisplayName("that is a channel must be connected, and open")
  void channelsThatAreNotConnected() throws Exception {
    try (SocketChannel unconnected = SocketChannel.open()) {
      var e = assertThrows(IOException.class, () -> ConnectedSocket.of(unconnected));
      assertTrue(e.getMessage().contains("connected is needed"), e::getMessage);
      assertTrue(unconnected.isOpen());
      unconnected.close();
      assertThrows(IOException.class, () -> ConnectedSocket.of(unconnected));
    }
  }

  @Test
  @DisplayName("and was inherited has its credentials, and its number is free then")
  void inherited() throws Exception {
    List<java.io.FileDescriptor> pair = SocketPair.open();
    int number = Descriptors.number(pair.getFirst());
    Path link = Path.of("/proc/self/fd/" + number);
    String target = Files.readSymbolicLink(link).toString();
    Transport server = ConnectedSocket.inherited(number);
    assertFalse(
        Files.isSymbolicLink(link) && Files.readSymbolicLink(link).toString().equals(target));
    assertTrue(server.credentials().isSameUser(Credentials.ofThisProcess()));
    assertTrue(server.maxUnixFds() > 0);
    speaks(ConnectedSocket.of(pair.getLast()), server);
  }

  @Test
  @DisplayName("and was inherited may be of tcp, with the address of its peer")
  void inheritedTcp() throws Exception {
    try (ServerSocketChannel listening = tcp();
        SocketChannel client = SocketChannel.open(listening.getLocalAddress());
        SocketChannel accepted = listening.accept()) {
      int port = ((InetSocketAddress) client.getRemoteAddress()).getPort();
      int number = SocketNumbers.handedOver(port, SocketNumbers.CONNECTED);
      accepted.close();
      Transport server = ConnectedSocket.inherited(number);
      assertEquals(Optional.of(client.getLocalAddress()), server.remoteAddress());
      assertEquals(Credentials.UNKNOWN, server.credentials());
      assertEquals(0, server.maxUnixFds());
      speaks(ConnectedSocket.of(client), server);
    }
  }

  @Test
  @DisplayName("is told from one that listens, among those that were inherited")
  void bothKinds() throws Exception {
    try (AFUNIXServerSocketChannel listening = AFUNIXServerSocketChannel.open()) {
      listening.bind(AFUNIXSocketAddress.of(directory.resolve("s")));
      List<java.io.FileDescriptor> pair = SocketPair.open();
      int listens = Descriptors.number(Descriptors.duplicate(listening.getFileDescriptor()));
      int connected = Descriptors.number(pair.getFirst());
      var acceptor =
          assertInstanceOf(
                  InheritedSocket.Listening.class, InheritedSocket.take(listens, 1).getFirst())
              .socket()
              .acceptor();
      var peer =
          assertInstanceOf(
                  InheritedSocket.Connected.class, InheritedSocket.take(connected, 1).getFirst())
              .peer();
      acceptor.close();
      peer.close();
      Descriptors.close(pair.getLast());
    }
  }

  @Test
  @DisplayName("is not what listens: by its number it is refused, and stays as it was")
  void refusedByNumber() throws Exception {
    try (AFUNIXServerSocketChannel listening = AFUNIXServerSocketChannel.open()) {
      listening.bind(AFUNIXSocketAddress.of(directory.resolve("s")));
      int number = Descriptors.number(listening.getFileDescriptor());
      var e = assertThrows(IOException.class, () -> ConnectedSocket.inherited(number));
      assertTrue(
          e.getMessage().startsWith("descriptor " + number + " cannot be taken over: "),
          e::getMessage);
      try (SocketChannel client =
          SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("s")))) {
        assertTrue(client.isConnected());
      }
    }
  }
}
