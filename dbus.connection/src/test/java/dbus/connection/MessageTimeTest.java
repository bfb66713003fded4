package dbus.connection;

import static dbus.connection.ScriptedPeer.call;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.CloseReason.Kind;
import dbus.connection.threads.Deadlines;
import dbus.wire.Body;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CONN-43 a message that has begun is to be complete in time")
class MessageTimeTest {

  private static final String NAME = "com.example.Slow1";

  private final ScriptedPeer peer = new ScriptedPeer();

  private static CloseReason end(CompletionStage<CloseReason> over) throws Exception {
    return over.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private byte[] big() {
    return peer.bytesOf(
        call("/slow", NAME, "Text").withBody(Body.of(STRING, "x".repeat(10_000_000))));
  }

  private static ConnectionLimits within(Duration limit) {
    return ConnectionLimits.DEFAULT.withMessageTime(limit);
  }

  /// Until the connection has enough of it.
  private void sendsByteByByte(byte[] message) {
    for (int i = 0; i < message.length && !peer.isClosed(); i++) {
      peer.sends(new byte[] {message[i]});
    }
  }

  @Test
  void byAClientElseItIsDisconnectedThoughItSendsByteAfterByte() throws Exception {
    CompletionStage<CloseReason> over = peer.served().limits(within(Duration.ofMillis(20))).start();
    peer.authenticates();
    sendsByteByByte(big());
    CloseReason reason = end(over);
    assertEquals(Kind.INVALID_MESSAGE, reason.kind());
    assertTrue(reason.detail().contains("not complete"), reason::toString);
  }

  @Test
  void byAServerElseItsClientHangsUp() throws Exception {
    CompletableFuture<DBusConnection> connecting = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            connecting.complete(
                DBusConnection.clientSide(peer).limits(within(Duration.ofMillis(20))).connect());
          } catch (ConnectException e) {
            connecting.completeExceptionally(e);
          }
        });
    peer.sends("OK 0123456789abcdef0123456789abcdef\r\n");
    DBusConnection client = connecting.get(30, TimeUnit.SECONDS);
    sendsByteByByte(big());
    assertEquals(Kind.INVALID_MESSAGE, end(client.closed()).kind());
  }

  @Test
  void andItsTimeIsOverWhenItIsCompleteHoweverLongItsHandlerTakes() throws Exception {
    CompletableFuture<Integer> whileHandled = new CompletableFuture<>();
    var _ =
        peer.served()
            .limits(within(Duration.ofHours(1)))
            // The thread that reads, which therefore does not get on.
            .executor(Runnable::run)
            .onAuthenticated(connection -> {
              var _ =
                  connection.export(
                      new ObjectPath("/slow"),
                      Interface.named(NAME)
                          .method("Count", () -> whileHandled.complete(Deadlines.count()))
                          .build());
              return true;
            })
            .start();
    peer.authenticates();
    byte[] message = peer.bytesOf(call("/slow", NAME, "Count"));
    peer.sends(Arrays.copyOf(message, 20));
    int begun = Deadlines.count();
    peer.sends(Arrays.copyOfRange(message, 20, message.length));
    assertInstanceOf(MethodReturn.class, peer.receives());
    // Those of other tests may go at any time, but none comes.
    assertTrue(whileHandled.get(30, TimeUnit.SECONDS) < begun);
  }

  @Test
  @DisplayName("and its time is over when its last byte has come though nobody reads it then")
  void orWhileNothingIsRead() throws Exception {
    ConnectionLimits limits = within(Duration.ofHours(1)).withOutgoingBytes(4096);
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    try (RawPeer raw = new RawPeer()) {
      var _ =
          DBusConnection.serverSide(raw.transport(), Guid.random())
              .limits(limits)
              .onAuthenticated(opened::complete)
              .start();
      raw.authenticates();
      DBusConnection connection = opened.get(30, TimeUnit.SECONDS);
      int before = Deadlines.count();
      byte[] ping = raw.bytesOf(call("/", "org.freedesktop.DBus.Peer", "Ping"));
      raw.sends(Arrays.copyOf(ping, 20));
      awaitDeadlines(count -> count > before);
      fill(connection);
      int full = Deadlines.count();
      raw.sends(Arrays.copyOfRange(ping, 20, ping.length));
      awaitDeadlines(count -> count < full);
      while (!(raw.receives() instanceof MethodReturn)) {
        assertFalse(connection.isClosed());
      }
    }
  }

  /// Until so much waits for the peer that nothing is read from it.
  private static void fill(DBusConnection connection) throws Exception {
    Signal signal = ScriptedPeer.signal("x".repeat(1000));
    try {
      while (true) {
        var _ = connection.send(signal, SendOption.FAIL_IF_FULL);
      }
    } catch (OutgoingFullException full) {
      assertFalse(connection.isClosed());
    }
  }

  /// There is no event for it.
  private static void awaitDeadlines(IntPredicate wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!wanted.test(Deadlines.count())) {
      assertTrue(System.nanoTime() < end, () -> "deadlines: " + Deadlines.count());
      Thread.onSpinWait();
    }
  }

  @Test
  void butNotWhereNoLimitIsSet() throws Exception {
    var _ = peer.served().start();
    peer.authenticates();
    int before = Deadlines.count();
    peer.sends(Arrays.copyOf(big(), 20));
    assertTrue(Deadlines.count() <= before);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void withinSomeTimeAndNotNone(long seconds) {
    assertThrows(IllegalArgumentException.class, () -> within(Duration.ofSeconds(seconds)));
  }
}
