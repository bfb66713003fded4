package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.ClientMechanism;
import dbus.auth.Credentials;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.ChannelTransport;
import dbus.connection.transport.Transport;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Both sides of a connection over two transports that are joined already")
class TransportPairTest {

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");
  private static final String PATH = "/com/example/Greeter";
  private static final String NAME = "com.example.Greeter1";

  private final ObjectTree objects = new ObjectTree();

  {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Greet", in("name", STRING), out("greeting", STRING), n -> "Hello, " + n)
                .build());
  }

  private static String greet(DBusConnection peer, String name) throws Exception {
    return peer.call(PATH, NAME, "Greet", Body.of(STRING, name)).read(STRING);
  }

  private static <T> T soon(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  /// The example of the page of [TransportPair].
  @Test
  void documentedExample() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    CompletionStage<DBusConnection> serving =
        DBusConnection.serverSide(pair.server(), GUID).objects(objects).accept();
    DBusConnection client = DBusConnection.clientSide(pair.client()).connect();
    try (client;
        DBusConnection server = soon(serving)) {
      assertEquals("Hello, you", greet(client, "you"));
      assertEquals(GUID, client.serverGuid());
      assertEquals("EXTERNAL", server.mechanism());
      assertTrue(server.identity().orElseThrow().isSameUser(Credentials.ofThisProcess()));
    }
  }

  @Test
  @DisplayName("CONN-01 either side calls the other")
  void theServerCallsTheClient() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    CompletableFuture<DBusConnection> serving =
        DBusConnection.serverSide(pair.server(), GUID).accept();
    try (DBusConnection client =
            DBusConnection.clientSide(pair.client())
                .export(
                    "/own",
                    Interface.named("com.example.Own1")
                        .method("Name", out("name", STRING), () -> "client")
                        .build())
                .connect();
        DBusConnection server = soon(serving)) {
      assertEquals(
          "client", server.call("/own", "com.example.Own1", "Name", Body.EMPTY).read(STRING));
      assertFalse(client.isClosed());
    }
  }

  @Test
  @DisplayName("CONN-42 what is larger than the pair holds goes through both ways")
  void large() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    var _ = DBusConnection.serverSide(pair.server(), GUID).objects(objects).start();
    try (DBusConnection client = DBusConnection.clientSide(pair.client()).connect()) {
      String name = "x".repeat(1 << 20);
      assertEquals("Hello, " + name, greet(client, name));
    }
  }

  @Test
  @DisplayName("CONN-31 closing one side ends the other, after what was sent")
  void closing() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    CompletionStage<CloseReason> over = DBusConnection.serverSide(pair.server(), GUID).start();
    DBusConnection client = DBusConnection.clientSide(pair.client()).connect();
    client.close();
    assertEquals(Kind.LOCAL, soon(client.closed()).kind());
    assertEquals(Kind.REMOTE, soon(over).kind());
    assertThrows(
        IOException.class, () -> pair.server().write(ByteBuffer.wrap(new byte[1]), List.of()));
  }

  @Test
  void aPeerThatTheServerDoesNotWantIsTold() {
    TransportPair pair = TransportPair.inMemory();
    CompletableFuture<DBusConnection> serving =
        DBusConnection.serverSide(pair.server(), GUID).accept();

    var e =
        assertThrows(
            ConnectException.class,
            () ->
                DBusConnection.clientSide(pair.client())
                    .mechanisms(ClientMechanism.anonymous())
                    .connect());

    assertTrue(e.getMessage().contains("ANONYMOUS"), e.getMessage());
    var refused = assertThrows(CompletionException.class, () -> soon(serving));
    assertInstanceOf(ConnectException.class, refused.getCause());
  }

  @Test
  void acceptThatWasCancelledRefusesThePeer() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    CompletableFuture<DBusConnection> serving =
        DBusConnection.serverSide(pair.server(), GUID).accept();
    serving.cancel(false);
    try (DBusConnection client = DBusConnection.clientSide(pair.client()).connect()) {
      assertEquals(Kind.REMOTE, soon(client.closed()).kind());
    }
  }

  @Test
  void theStreamsOfASocketAreATransport() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket mine = new Socket(listening.getInetAddress(), listening.getLocalPort());
        Socket theirs = listening.accept()) {
      Transport here =
          ChannelTransport.of(
              theirs.getInputStream(), theirs.getOutputStream(), Credentials.ofThisProcess());
      CompletableFuture<DBusConnection> serving =
          DBusConnection.serverSide(here, GUID).objects(objects).accept();
      Transport there = ChannelTransport.of(mine.getInputStream(), mine.getOutputStream());
      DBusConnection client = DBusConnection.clientSide(there).connect();
      assertEquals("Hello, you", greet(client, "you"));
      client.close();
      assertEquals(Kind.REMOTE, soon(soon(serving).closed()).kind());
    }
  }

  @Test
  @DisplayName("AUTH-11 where nobody knows who the peer is, EXTERNAL lets nobody in")
  void streamsOfAnUnknownPeer() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket mine = new Socket(listening.getInetAddress(), listening.getLocalPort());
        Socket theirs = listening.accept()) {
      CompletableFuture<DBusConnection> serving =
          DBusConnection.serverSide(
                  ChannelTransport.of(theirs.getInputStream(), theirs.getOutputStream()), GUID)
              .accept();
      assertThrows(
          ConnectException.class,
          () ->
              DBusConnection.clientSide(
                      ChannelTransport.of(mine.getInputStream(), mine.getOutputStream()))
                  .mechanisms(ClientMechanism.external())
                  .connect());
      assertThrows(ExecutionException.class, () -> serving.get(30, TimeUnit.SECONDS));
    }
  }
}
