package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.address.Tcp;
import dbus.address.TcpAddress;
import dbus.address.UnixPath;
import dbus.auth.AuthObserver;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientMechanism;
import dbus.auth.Credentials;
import dbus.auth.PeerInfo;
import dbus.connection.DBusConnection;
import dbus.connection.transport.UnixSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

@DisplayName("SERV-15 a connection knows where its peer's end of the socket is")
class RemoteAddressTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();
  private final BlockingQueue<Optional<SocketAddress>> observed = new LinkedBlockingQueue<>();

  private DBusServerBuilder server(String address) {
    return set(DBusServer.at(address));
  }

  private DBusServerBuilder set(DBusServerBuilder builder) {
    return builder
        .policy(AuthPolicy.sameUser().allowAnonymous())
        .environment(PlacesTest.environment("XDG_RUNTIME_DIR", directory.toString()))
        .listener(witness)
        .authObserver(
            new AuthObserver() {
              @Override
              public boolean authorize(PeerInfo peer) {
                return observed.add(peer.address());
              }
            });
  }

  private static int portOf(DBusServer server) {
    return ((TcpAddress) server.clientAddress()).port();
  }

  private static Socket loopback(int port) throws Exception {
    return new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "nonce-tcp"})
  @DisplayName("over tcp both sides know it, from the beginning and when all is over")
  void overTcp(String transport) throws Exception {
    try (DBusServer server = server(transport + ":host=127.0.0.1").start();
        DBusConnection client =
            DBusConnection.to(server.clientAddress().toString())
                .mechanisms(ClientMechanism.anonymous())
                .connect()) {
      InetSocketAddress ofServer = (InetSocketAddress) client.remoteAddress().orElseThrow();
      assertEquals("127.0.0.1", ofServer.getAddress().getHostAddress());
      assertEquals(portOf(server), ofServer.getPort());

      AcceptedPeer peer = Witness.next(witness.accepted);
      InetSocketAddress ofClient = (InetSocketAddress) peer.remoteAddress().orElseThrow();
      assertEquals("127.0.0.1", ofClient.getAddress().getHostAddress());
      assertEquals(Optional.of(ofClient), Witness.next(observed));
      DBusConnection seen = Witness.next(witness.authenticated);
      assertEquals(Optional.of(ofClient), seen.remoteAddress());

      client.close();
      Witness.next(witness.closed);
      assertEquals(Optional.of(ofClient), seen.remoteAddress());
      assertEquals(Optional.of(ofServer), client.remoteAddress());
    }
  }

  @Test
  @DisplayName("it is the address that the peer's own socket has, and the peer is written with it")
  void asThePeerSeesIt() throws Exception {
    try (DBusServer server = server("tcp:host=127.0.0.1").start();
        Socket peer = loopback(portOf(server))) {
      AcceptedPeer accepted = Witness.next(witness.accepted);
      assertEquals(Optional.of(peer.getLocalSocketAddress()), accepted.remoteAddress());
      assertEquals("peer 1 (127.0.0.1:%d)".formatted(peer.getLocalPort()), accepted.toString());
    }
  }

  @Test
  @DisplayName("it is told of a peer that has reset its connection before it was accepted")
  void ofOneThatHasLeft() throws Exception {
    try (DBusServer server = server("tcp:host=127.0.0.1").open()) {
      Socket peer = loopback(portOf(server));
      SocketAddress local = peer.getLocalSocketAddress();
      peer.setSoLinger(true, 0);
      peer.close();
      server.start();
      assertEquals(Optional.of(local), Witness.next(witness.accepted).remoteAddress());
    }
  }

  @Test
  @DisplayName("version 6 is written with brackets; who is known besides is written, too")
  void written() throws Exception {
    Optional<SocketAddress> six =
        Optional.of(new InetSocketAddress(InetAddress.ofLiteral("::1"), 42));
    Tcp at = Tcp.of("localhost", 1);
    assertEquals(
        "peer 3 ([0:0:0:0:0:0:0:1]:42)",
        new AcceptedPeer(3, at, Credentials.UNKNOWN, six).toString());
    assertEquals(
        "peer 4 (uid 7, [0:0:0:0:0:0:0:1]:42)",
        new AcceptedPeer(4, at, Credentials.ofUid(7), six).toString());
    assertEquals(
        "peer 5 (127.0.0.1:42)",
        new AcceptedPeer(
                5,
                at,
                Credentials.UNKNOWN,
                Optional.of(
                    new InetSocketAddress(
                        InetAddress.getByAddress("a.host", new byte[] {127, 0, 0, 1}), 42)))
            .toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = UnixSockets.class,
      names = {"JDK", "JUNIXSOCKET"})
  @DisplayName("a client of a unix socket knows its path; the client's own end has no name")
  void overUnixSockets(UnixSockets sockets) throws Exception {
    Path path = directory.resolve("ä");
    try (DBusServer server = server(UnixPath.of(path).toString()).unixSockets(sockets).start();
        DBusConnection client =
            DBusConnection.to(server.clientAddress().toString()).unixSockets(sockets).connect()) {
      assertEquals(Optional.of(UnixDomainSocketAddress.of(path)), client.remoteAddress());
      assertEquals(Optional.empty(), Witness.next(witness.accepted).remoteAddress());
      assertEquals(Optional.empty(), Witness.next(observed));
      assertEquals(Optional.empty(), Witness.next(witness.authenticated).remoteAddress());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = UnixSockets.class,
      names = {"JDK", "JUNIXSOCKET"})
  @DisplayName("a client that has bound its unix socket to a path is known by it")
  void aClientWithAPath(UnixSockets sockets) throws Exception {
    Path path = directory.resolve("client\npeer 2 (uid 0)");
    try (DBusServer server =
            server("unix:path=" + directory.resolve("s")).unixSockets(sockets).start();
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.bind(UnixDomainSocketAddress.of(path));
      client.connect(UnixDomainSocketAddress.of(directory.resolve("s")));
      AcceptedPeer peer = Witness.next(witness.accepted);
      assertEquals(Optional.of(UnixDomainSocketAddress.of(path)), peer.remoteAddress());
      assertEquals("peer 1 (%s)".formatted(peer.credentials()), peer.toString());
    }
  }

  @Test
  @DisplayName("an abstract name has no class in the JDK, and is not told")
  void abstractNames() throws Exception {
    String name = directory.toString();
    try (DBusServer server = server("unix:abstract=" + name).start();
        DBusConnection client = DBusConnection.connect(server.clientAddress().toString());
        AFUNIXSocketChannel named = AFUNIXSocketChannel.open()) {
      assertEquals(Optional.empty(), client.remoteAddress());
      assertEquals(Optional.empty(), Witness.next(witness.accepted).remoteAddress());
      named.bind(AFUNIXSocketAddress.inAbstractNamespace(name + "/client"));
      named.connect(AFUNIXSocketAddress.inAbstractNamespace(name));
      assertEquals(Optional.empty(), Witness.next(witness.accepted).remoteAddress());
    }
  }

  @Test
  @DisplayName("channels that were bound elsewhere tell it as well")
  void givenChannels() throws Exception {
    Path path = directory.resolve("given");
    AFUNIXServerSocketChannel unix = AFUNIXServerSocketChannel.open();
    unix.bind(AFUNIXSocketAddress.of(path));
    ServerSocketChannel inet =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    int port = inet.socket().getLocalPort();
    try (DBusServer server = set(DBusServer.at(unix).alsoAt(inet)).start();
        SocketChannel unnamed = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      assertEquals(2, server.clientAddresses().size());
      assertEquals(Optional.empty(), Witness.next(witness.accepted).remoteAddress());
      try (SocketChannel named = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        named.bind(UnixDomainSocketAddress.of(directory.resolve("c")));
        named.connect(UnixDomainSocketAddress.of(path));
        assertEquals(
            Optional.of(UnixDomainSocketAddress.of(directory.resolve("c"))),
            Witness.next(witness.accepted).remoteAddress());
      }
      try (Socket peer = loopback(port)) {
        assertEquals(
            Optional.of(peer.getLocalSocketAddress()),
            Witness.next(witness.accepted).remoteAddress());
      }
      unnamed.close();
    }
    Files.delete(path);
  }

  @Test
  @DisplayName("the events of the JDK Flight Recorder have it")
  void flightRecorder() throws Exception {
    BlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
    String local;
    try (RecordingStream recording = new RecordingStream();
        DBusServer server = server("tcp:host=127.0.0.1").claim(connection -> false).start()) {
      for (String event : new String[] {"dbus.PeerAccepted", "dbus.PeerRefused"}) {
        recording.enable(event);
        recording.onEvent(event, events::add);
      }
      recording.startAsync();
      try (Socket peer = loopback(portOf(server))) {
        local = peer.getLocalSocketAddress().toString();
        peer.getOutputStream()
            .write("\0AUTH ANONYMOUS\r\nBEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
        Witness.next(witness.refusals);
      }
      recording.stop();
    }
    for (int i = 0; i < 2; i++) {
      assertEquals(local, Witness.next(events).getString("remoteAddress"));
    }
  }
}
