package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-44 a connection that was made paused")
class PausedConnectionTest {

  private static final Duration FOREVER = Duration.ofDays(1000);

  private final TransportPair pair = TransportPair.inMemory();
  private DBusConnection server;
  private DBusConnection client;

  @BeforeEach
  void connect() throws Exception {
    CompletableFuture<DBusConnection> serving =
        DBusConnection.serverSide(pair.server(), Guid.random()).paused().accept();
    client = DBusConnection.clientSide(pair.client()).connect();
    server = serving.get(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private CompletableFuture<MethodReturn> greet() {
    return client.callAsync(
        MethodCall.of(
                new ObjectPath("/late"),
                new InterfaceName("com.example.Late1"),
                new MemberName("Greet"))
            .withBody(Body.of(STRING, "you")),
        FOREVER);
  }

  @Test
  void dealsWithACallThatCameEarlierOnceItIsStarted() throws Exception {
    CompletableFuture<MethodReturn> reply = greet();
    // The call was written, and would be answered by UnknownObject now.
    client.send(
        MethodCall.of(new ObjectPath("/"), new MemberName("Nothing"))
            .withFlags(MessageFlag.NO_REPLY_EXPECTED));
    assertFalse(reply.isDone());
    var _ =
        server.export(
            new ObjectPath("/late"),
            Interface.named("com.example.Late1")
                .method("Greet", in("name", STRING), out("greeting", STRING), n -> "Hello, " + n)
                .build());
    server.start();
    assertEquals("Hello, you", reply.get(30, TimeUnit.SECONDS).body().read(STRING));
  }

  @Test
  void deliversWhatWaitedInItsOrderBeforeWhatComesLater() throws Exception {
    for (int i = 0; i < 100; i++) {
      client.emit("/", "com.example.Count1", "Counted", Body.of(INT32, i));
    }
    BlockingQueue<Value> counted = new LinkedBlockingQueue<>();
    var _ =
        server.subscribe(
            SignalMatch.all(), signal -> counted.add(signal.body().values().getFirst()));
    server.start();
    client.emit("/", "com.example.Count1", "Counted", Body.of(INT32, 100));
    List<Value> expected = IntStream.rangeClosed(0, 100).<Value>mapToObj(Value.Int32::new).toList();
    for (Value one : expected) {
      assertEquals(one, counted.poll(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void readsNothingSoThatItsPeerHasToWait() throws Exception {
    // More than the pair holds.
    Body big = Body.of(STRING, "x".repeat(1 << 20));
    client.emit("/", "com.example.Big1", "Big", big);
    assertFalse(client.flush(Duration.ofMillis(50)), "somebody reads");
    server.start();
    assertTrue(client.flush(Duration.ofSeconds(30)));
  }

  @Test
  void canBeClosedAndLetsItsTransportGo() throws Exception {
    server.close();
    assertEquals(
        Kind.LOCAL, server.closed().toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
    assertEquals(
        Kind.REMOTE, client.closed().toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
    assertThrows(
        IOException.class, () -> pair.server().write(ByteBuffer.wrap(new byte[1]), List.of()));
    server.start();
  }

  @Test
  void noticesOnceItIsStartedThatThePeerHasLeft() throws Exception {
    client.close();
    assertFalse(server.isClosed());
    server.start();
    assertEquals(
        Kind.REMOTE, server.closed().toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
  }

  @Test
  void onTheClientsSideHoldsRepliesBackToo() throws Exception {
    TransportPair other = TransportPair.inMemory();
    CompletableFuture<DBusConnection> serving =
        DBusConnection.serverSide(other.server(), Guid.random()).accept();
    try (DBusConnection paused = DBusConnection.clientSide(other.client()).paused().connect()) {
      CompletableFuture<MethodReturn> pong =
          paused.callAsync(
              MethodCall.of(
                  new ObjectPath("/"),
                  new InterfaceName("org.freedesktop.DBus.Peer"),
                  new MemberName("Ping")),
              FOREVER);
      // When it is closed, it has answered all that it has read.
      serving.get(30, TimeUnit.SECONDS).close();
      assertFalse(pong.isDone());
      assertFalse(paused.isClosed());
      paused.start();
      var _ = paused.closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertTrue(pong.isDone());
    }
  }

  @Test
  void startingOneThatWasNotPausedDoesNothing() throws Exception {
    client.start();
    server.start();
    server.start();
    var e =
        assertThrows(
            DBusErrorException.class,
            () -> client.call("/none", "com.example.None1", "None", Body.EMPTY));
    assertEquals(ErrorName.UNKNOWN_OBJECT, e.errorName());
  }
}
