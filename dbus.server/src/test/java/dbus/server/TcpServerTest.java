package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.address.NonceTcp;
import dbus.address.Tcp;
import dbus.address.TcpAddress;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientMechanism;
import dbus.auth.Credentials;
import dbus.connection.DBusConnection;
import dbus.wire.Body;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `tcp` and `nonce-tcp`, over real sockets of this machine.
class TcpServerTest {

  @TempDir Path runtime;

  private final List<DBusServer> servers = new ArrayList<>();
  private final List<Socket> peers = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (Socket peer : peers) {
      peer.close();
    }
    servers.forEach(DBusServer::close);
  }

  private DBusServer serve(String address) throws Exception {
    DBusServer server =
        DBusServer.at(address)
            .policy(AuthPolicy.sameUser().allowAnonymous())
            .environment(PlacesTest.environment("XDG_RUNTIME_DIR", runtime.toString()))
            .start();
    servers.add(server);
    return server;
  }

  private static DBusConnection connect(Address address) throws Exception {
    return DBusConnection.to(address.toString()).mechanisms(ClientMechanism.anonymous()).connect();
  }

  private static void ping(Address address) throws Exception {
    try (DBusConnection client = connect(address)) {
      var _ = client.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
    }
  }

  private static int portOf(DBusServer server) {
    return ((TcpAddress) server.clientAddress()).port();
  }

  private Socket peer(DBusServer server) throws IOException {
    Socket peer = new Socket(InetAddress.getLoopbackAddress(), portOf(server));
    peers.add(peer);
    return peer;
  }

  private static void say(Socket peer, byte[] bytes) throws IOException {
    peer.getOutputStream().write(bytes);
  }

  private static void say(Socket peer, String text) throws IOException {
    say(peer, text.getBytes(StandardCharsets.US_ASCII));
  }

  /// What the server says until it hangs up, which a reset may be, since it does not read all that
  /// it is told.
  private static String hear(Socket peer) throws IOException {
    try {
      return new String(peer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (SocketException reset) {
      assertEquals("Connection reset", reset.getMessage());
      return "";
    }
  }

  private static String hearLine(Socket peer) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = peer.getInputStream().read(); b >= 0 && b != '\n'; ) {
      line.append((char) b);
      b = peer.getInputStream().read();
    }
    return line.toString().strip();
  }

  // tcp

  @Test
  @DisplayName("SERV-23, SERV-25, ADDR-43 localhost is bound at all its addresses, on one port")
  void localhost() throws Exception {
    DBusServer server = serve("tcp:host=localhost");
    for (InetAddress host : InetAddress.getAllByName("localhost")) {
      assertTrue(host.isLoopbackAddress(), host::toString);
      ping(Tcp.of(host.getHostAddress(), portOf(server)).withGuid(server.guid()));
    }
    ping(server.clientAddress());
    assertThrows(
        IOException.class,
        () -> new Socket(InetAddress.ofLiteral("127.0.0.2"), portOf(server)).close());
  }

  @Test
  @DisplayName("SERV-28 EXTERNAL is not offered on tcp, and does not succeed; ANONYMOUS if allowed")
  void mechanisms() throws Exception {
    DBusServer open = serve("tcp:host=127.0.0.1");
    Socket peer = peer(open);
    say(peer, "\0AUTH\r\nAUTH EXTERNAL 30\r\n");
    assertEquals("REJECTED DBUS_COOKIE_SHA1 ANONYMOUS", hearLine(peer));
    assertEquals("REJECTED DBUS_COOKIE_SHA1 ANONYMOUS", hearLine(peer));
    say(peer, "AUTH ANONYMOUS\r\n");
    assertEquals("OK " + open.guid(), hearLine(peer));

    DBusServer closed = DBusServer.at("tcp:host=127.0.0.1").start();
    servers.add(closed);
    Socket other = peer(closed);
    say(other, "\0AUTH\r\n");
    assertEquals("REJECTED DBUS_COOKIE_SHA1", hearLine(other));
  }

  @Test
  @DisplayName("SERV-15 of a peer that comes over tcp the system tells nothing")
  void credentials() throws Exception {
    DBusServer server = serve("tcp:host=127.0.0.1");
    try (DBusConnection client = connect(server.clientAddress())) {
      assertEquals("ANONYMOUS", client.mechanism());
      DBusConnection seen = onlyConnectionOf(server);
      assertEquals(Credentials.UNKNOWN, seen.credentials());
      assertFalse(seen.passesUnixFds());
    }
  }

  private static DBusConnection onlyConnectionOf(DBusServer server) {
    while (server.connections().isEmpty()) {
      Thread.onSpinWait();
    }
    return server.connections().iterator().next();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "nonce-tcp"})
  @DisplayName(
      "SERV-05, SERV-24 a stopped server refuses at once, and another takes its port at once")
  void restart(String transport) throws Exception {
    DBusServer server = serve(transport + ":host=127.0.0.1");
    int port = portOf(server);
    DBusConnection client = connect(server.clientAddress());
    // The server ends the connection first, so that its side of it lingers.
    server.close();
    var _ = client.closed().toCompletableFuture().get();
    assertThrows(
        java.net.ConnectException.class,
        () -> new Socket(InetAddress.getLoopbackAddress(), port).close());

    DBusServer again = serve(transport + ":host=127.0.0.1,port=" + port);
    ping(again.clientAddress());
  }

  @Test
  @DisplayName("SERV-08 two servers of the same list without a port do not disturb each other")
  void twoServers() throws Exception {
    DBusServer one = serve("nonce-tcp:host=127.0.0.1");
    DBusServer other = serve("nonce-tcp:host=127.0.0.1");
    one.close();
    ping(other.clientAddress());
  }

  // nonce-tcp

  private static Path nonceFileOf(DBusServer server) {
    return ((NonceTcp) server.clientAddress()).nonceFile().orElseThrow().toPath();
  }

  @Test
  @DisplayName("SERV-26, ADDR-36, ADDR-43 a client finds the nonce by the address, and is served")
  void nonce() throws Exception {
    DBusServer server = serve("nonce-tcp:host=localhost");
    assertTrue(
        server
            .clientAddress()
            .toString()
            .matches(
                "nonce-tcp:host=localhost,port=[0-9]+(,family=ipv[46])?,noncefile=/.+,guid=[0-9a-f]{32}"),
        server.clientAddress()::toString);
    Path file = nonceFileOf(server);
    assertEquals(16, Files.size(file));
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    ping(server.clientAddress());
    server.close();
    assertFalse(Files.exists(file));
    assertFalse(Files.exists(file.getParent()));
  }

  private DBusServer nonceServer;
  private byte[] nonce;

  @BeforeEach
  void startNonceServer() throws Exception {
    nonceServer = serve("nonce-tcp:host=127.0.0.1");
    nonce = Files.readAllBytes(nonceFileOf(nonceServer));
  }

  @Test
  @DisplayName("SERV-27 the nonce may come in pieces, and what follows it is the handshake")
  void piecemeal() throws Exception {
    Socket peer = peer(nonceServer);
    for (byte one : nonce) {
      say(peer, new byte[] {one});
    }
    say(peer, "\0AUTH\r\n");
    assertEquals("REJECTED DBUS_COOKIE_SHA1 ANONYMOUS", hearLine(peer));

    Socket atOnce = peer(nonceServer);
    byte[] all = new byte[23];
    System.arraycopy(nonce, 0, all, 0, 16);
    System.arraycopy("\0AUTH\r\n".getBytes(StandardCharsets.US_ASCII), 0, all, 16, 7);
    say(atOnce, all);
    assertEquals("REJECTED DBUS_COOKIE_SHA1 ANONYMOUS", hearLine(atOnce));
  }

  @ParameterizedTest(name = "byte {0} of 16")
  @ValueSource(ints = {0, 7, 15})
  @DisplayName("SERV-27, SEC-34 with one wrong byte the peer is closed without a reply")
  void wrongNonce(int at) throws Exception {
    Socket peer = peer(nonceServer);
    nonce[at] ^= 1;
    say(peer, nonce);
    assertEquals("", hear(peer));
    Socket eager = peer(nonceServer);
    say(eager, new String(nonce, StandardCharsets.ISO_8859_1) + "\0AUTH\r\nAUTH ANONYMOUS\r\n");
    assertEquals("", hear(eager));
  }

  @Test
  @DisplayName("SERV-27, SEC-34 no byte is judged before all sixteen are there")
  void judgedAtTheEnd() throws Exception {
    Socket peer = peer(nonceServer);
    byte[] wrong = nonce.clone();
    wrong[0] ^= 1;
    say(peer, java.util.Arrays.copyOf(wrong, 15));
    // It is still there when a later peer has been served.
    ping(nonceServer.clientAddress());
    peer.setSoTimeout(1);
    assertThrows(java.net.SocketTimeoutException.class, () -> peer.getInputStream().read());
    peer.setSoTimeout(0);
    say(peer, new byte[] {wrong[15]});
    assertEquals("", hear(peer));
  }

  @Test
  @DisplayName("SERV-27 a peer that ends after fewer bytes is closed without a reply")
  void fewer() throws Exception {
    Socket peer = peer(nonceServer);
    say(peer, java.util.Arrays.copyOf(nonce, 15));
    peer.shutdownOutput();
    assertEquals("", hear(peer));
  }

  @Test
  @DisplayName("SERV-27 a peer without a nonce, that begins with the handshake, is not heard")
  void noNonce() throws Exception {
    Socket peer = peer(nonceServer);
    say(peer, "\0AUTH\r\nAUTH ANONYMOUS\r\nBEGIN\r\n");
    assertEquals("", hear(peer));
    assertTrue(nonceServer.connections().isEmpty());
  }

  @Test
  @DisplayName("SERV-27, SEC-34 silent peers do not keep another one waiting")
  void silentPeers() throws Exception {
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      silent.add(peer(nonceServer));
    }
    ping(nonceServer.clientAddress());
    nonceServer.close();
    for (Socket peer : silent) {
      assertEquals("", hear(peer));
    }
  }
}
