package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientMechanism;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.connection.transport.ChannelTransport;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/// Listening channels, and peers, that a server is given by the program around it.
class GivenSocketsTest {

  @TempDir Path directory;

  private static final Interface NAMED =
      Interface.named("com.example.Named1").method("Nothing", () -> {}).build();

  private static void callNothing(DBusConnection client) throws Exception {
    var _ = client.call("/named", "com.example.Named1", "Nothing", Body.EMPTY);
  }

  private static DBusConnection connect(Address address) throws Exception {
    return DBusConnection.to(address.toString())
        .mechanisms(ClientMechanism.external(), ClientMechanism.anonymous())
        .connect();
  }

  @Test
  @DisplayName("a listening unix socket of the JDK is served, and its file is not the server's")
  void unixOfJdk() throws Exception {
    Path path = directory.resolve("s");
    ServerSocketChannel given =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(path));
    try (DBusServer server = DBusServer.at(given).export("/named", NAMED).start()) {
      assertEquals("unix:path=" + path, server.clientAddress().withoutGuid().toString());
      assertEquals(server.guid(), server.clientAddress().guid().orElseThrow());
      try (DBusConnection client = connect(server.clientAddress())) {
        assertEquals("EXTERNAL", client.mechanism());
        callNothing(client);
      }
    }
    assertFalse(given.isOpen());
    assertTrue(Files.exists(path));
  }

  @Test
  @DisplayName("so is one of junixsocket, which would delete its file by itself")
  void unixOfJunixsocket() throws Exception {
    Path path = directory.resolve("s");
    AFUNIXServerSocketChannel given = AFUNIXServerSocketChannel.open();
    given.bind(AFUNIXSocketAddress.of(path));
    try (DBusServer server = DBusServer.at(given).export("/named", NAMED).start();
        DBusConnection client = connect(server.clientAddress())) {
      callNothing(client);
    }
    assertFalse(given.isOpen());
    assertTrue(Files.exists(path));

    AFUNIXServerSocketChannel mine = AFUNIXServerSocketChannel.open();
    mine.bind(AFUNIXSocketAddress.of(directory.resolve("mine")));
    mine.close();
    assertFalse(Files.exists(directory.resolve("mine")), "what would be without the server");
  }

  @Test
  @DisplayName("a listening socket of the internet protocol is served, beside another place")
  void inet() throws Exception {
    ServerSocketChannel given =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    int port = given.socket().getLocalPort();
    given.configureBlocking(false);
    try (DBusServer server =
            DBusServer.at("unix:dir=" + directory)
                .alsoAt(given)
                .policy(AuthPolicy.sameUser().allowAnonymous())
                .export("/named", NAMED)
                .start();
        DBusConnection client = connect(server.clientAddresses().get(1))) {
      assertEquals(
          "tcp:host=127.0.0.1,port=%d,family=ipv4".formatted(port),
          server.clientAddresses().get(1).withoutGuid().toString());
      assertEquals("ANONYMOUS", client.mechanism());
      callNothing(client);
    }
  }

  @Test
  @DisplayName("a channel that is not bound, closed, or of a selector is refused, and not closed")
  void refused() throws Exception {
    try (ServerSocketChannel unbound = ServerSocketChannel.open();
        ServerSocketChannel selected =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Selector selector = Selector.open()) {
      var e = assertThrows(ListenException.class, () -> DBusServer.at(unbound).open());
      assertTrue(e.getMessage().contains("must be bound"), e::getMessage);
      selected.configureBlocking(false);
      selected.register(selector, SelectionKey.OP_ACCEPT);
      assertThrows(ListenException.class, () -> DBusServer.at(selected).open());
      assertTrue(unbound.isOpen() && selected.isOpen());
      unbound.close();
      assertThrows(ListenException.class, () -> DBusServer.at(unbound).open());
    }
  }

  // SERV-35

  @Test
  @DisplayName("SERV-35 both sides over one socket pair in one process, by the server's rules")
  void overSockets() throws Exception {
    try (ServerSocketChannel meeting =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel ours = SocketChannel.open(meeting.getLocalAddress());
        DBusServer server =
            DBusServer.at("unix:dir=" + directory)
                .policy(AuthPolicy.sameUser().allowAnonymous())
                .export("/named", NAMED)
                .start()) {
      server.serve(ChannelTransport.of(meeting.accept()));
      try (DBusConnection client =
          DBusConnection.clientSide(ChannelTransport.of(ours))
              .mechanisms(ClientMechanism.anonymous())
              .connect()) {
        callNothing(client);
        assertEquals(server.guid(), client.serverGuid());
        assertEquals(1, server.connections().size());
        server.close();
        CloseReason reason = client.closed().toCompletableFuture().get();
        assertEquals(CloseReason.Kind.REMOTE, reason.kind());
      }
    }
  }

  @Test
  @DisplayName("SERV-35 over two streams")
  void overStreams() throws Exception {
    try (ServerSocket meeting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket ours = new Socket(meeting.getInetAddress(), meeting.getLocalPort());
        Socket theirs = meeting.accept();
        DBusServer server =
            DBusServer.at("unix:dir=" + directory)
                .policy(AuthPolicy.sameUser().allowAnonymous())
                .export("/named", NAMED)
                .start()) {
      server.serve(ChannelTransport.of(theirs.getInputStream(), theirs.getOutputStream()));
      try (DBusConnection client =
          DBusConnection.clientSide(
                  ChannelTransport.of(ours.getInputStream(), ours.getOutputStream()))
              .mechanisms(ClientMechanism.anonymous())
              .connect()) {
        callNothing(client);
      }
    }
  }

  @Test
  @DisplayName("SERV-35 the policy and the handlers of the server hold for such a peer, too")
  void byItsRules() throws Exception {
    try (DBusServer server =
        DBusServer.at("unix:dir=" + directory)
            .policy(AuthPolicy.sameUserAs(dbus.auth.Credentials.ofUid(4711)))
            .start()) {
      TransportPair pair = TransportPair.inMemory();
      server.serve(pair.server());
      assertThrows(
          dbus.connection.ConnectException.class,
          () -> DBusConnection.clientSide(pair.client()).connect());
    }
    try (DBusServer server =
        DBusServer.at("unix:dir=" + directory).claim(connection -> false).start()) {
      TransportPair pair = TransportPair.inMemory();
      server.serve(pair.server());
      try (DBusConnection client = DBusConnection.clientSide(pair.client()).connect()) {
        CloseReason reason = client.closed().toCompletableFuture().get();
        assertEquals(CloseReason.Kind.REMOTE, reason.kind());
      }
    }
  }

  @Test
  @DisplayName("SERV-35 a server that is not active takes nobody, and closes what it is given")
  void notActive() throws Exception {
    TransportPair early = TransportPair.inMemory();
    TransportPair late = TransportPair.inMemory();
    try (DBusServer server = DBusServer.at("unix:dir=" + directory).open()) {
      assertThrows(IllegalStateException.class, () -> server.serve(early.server()));
      server.start().stop();
      assertThrows(IllegalStateException.class, () -> server.serve(late.server()));
    }
    for (TransportPair pair : new TransportPair[] {early, late}) {
      assertThrows(
          dbus.connection.ConnectException.class,
          () -> DBusConnection.clientSide(pair.client()).connect());
    }
  }
}
