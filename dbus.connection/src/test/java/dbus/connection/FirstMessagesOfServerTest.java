package dbus.connection;

import static dbus.connection.ScriptedPeer.call;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A server may send before its client has done anything but authenticate. What the client has put
/// in place by then misses nothing.
class FirstMessagesOfServerTest {

  private static final byte[] OK =
      "OK 0123456789abcdef0123456789abcdef\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final String PATH = "/com/example/Client";
  private static final String NAME = "com.example.Client1";

  private final ScriptedPeer server = new ScriptedPeer();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private CompletableFuture<DBusConnection> connecting(ClientSide side) {
    CompletableFuture<DBusConnection> connecting = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            connecting.complete(side.connect());
          } catch (ConnectException e) {
            connecting.completeExceptionally(e);
          }
        });
    return connecting;
  }

  private String next() throws InterruptedException {
    return String.valueOf(seen.poll(30, TimeUnit.SECONDS));
  }

  private void sendsAtOnce() {
    MethodCall called = call(PATH, NAME, "Name");
    Signal signal =
        Signal.of(new ObjectPath("/"), new InterfaceName(NAME), new MemberName("Begun"));
    server.sends(OK, server.bytesOf(called), server.bytesOf(signal));
  }

  private void putInPlace(DBusConnection connection) {
    var _ =
        connection.addFilter((message, direction) -> {
          if (direction == Direction.INCOMING) {
            seen.add("filter: " + message.getClass().getSimpleName());
          }
          return Optional.of(message);
        });
    var _ = connection.subscribe(SignalMatch.all(), signal -> seen.add("heard " + signal.member()));
    var _ =
        connection.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Name", Argument.out("name", STRING), () -> "client")
                .build());
  }

  @Test
  @DisplayName(
      "CONN-26, CONN-28, CONN-46 what is put in place when the server lets it in sees what comes with the last line of the handshake")
  void missesNothing() throws Exception {
    var connecting =
        connecting(DBusConnection.clientSide(server).onAuthenticated(this::putInPlace));
    sendsAtOnce();
    assertTrue(server.receivesText().contains("AUTH"));
    assertEquals("BEGIN\r\n", server.receivesText());
    Message reply = server.receives();
    try (DBusConnection client = connecting.get(30, TimeUnit.SECONDS)) {
      assertEquals("client", assertInstanceOf(MethodReturn.class, reply).body().read(STRING));
      assertEquals(
          List.of("filter: MethodCall", "filter: Signal", "heard Begun"),
          List.of(next(), next(), next()));
      assertTrue(seen.isEmpty());
    }
  }

  @Test
  void anExceptionThereEndsTheConnectionAndConnectingFailsWithIt() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    CompletionStage<CloseReason> over =
        DBusConnection.serverSide(pair.server(), Guid.random()).start();
    ClientSide side =
        DBusConnection.clientSide(pair.client())
            .onAuthenticated(connection -> {
              throw new IllegalStateException("on purpose");
            });
    ConnectException e = assertThrows(ConnectException.class, side::connect);
    assertTrue(String.valueOf(e.getMessage()).contains("on purpose"), e::toString);
    assertEquals(
        CloseReason.Kind.REMOTE, over.toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
  }

  @Test
  void nobodyCanWaitForAReplyThere() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    var _ = DBusConnection.serverSide(pair.server(), Guid.random()).start();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    try (DBusConnection client =
        DBusConnection.clientSide(pair.client())
            .onAuthenticated(connection ->
                failure.complete(
                    assertThrows(
                        IllegalStateException.class,
                        () ->
                            connection.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY))))
            .connect()) {
      assertTrue(String.valueOf(failure.get().getMessage()).contains("callAsync"));
      assertEquals(Body.EMPTY, client.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY));
    }
  }
}
