package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The limits of one connection that can be set.
class ConnectionLimitsTest {

  private final BlockingQueue<Invocation> calls = new LinkedBlockingQueue<>();

  private ServerSide side(TransportPair pair, ConnectionLimits limits) {
    ObjectTree objects = new ObjectTree();
    var _ =
        objects.export(
            new ObjectPath("/a"),
            Interface.named("com.example.A1")
                .method("Keep", List.of(Argument.in("text", Codec.STRING)), List.of(), calls::add)
                .build());
    return DBusConnection.serverSide(pair.server(), Guid.random()).objects(objects).limits(limits);
  }

  private static MethodCall keep(int length) {
    return MethodCall.of(
            new ObjectPath("/a"), new InterfaceName("com.example.A1"), new MemberName("Keep"))
        .withBody(Body.of(new Value.Str("x".repeat(length))));
  }

  @Test
  @DisplayName(
      "SERV-31 a message above the limit that was set ends the connection; one below passes")
  void messageBytes() throws Exception {
    var pair = TransportPair.inMemory();
    var over = side(pair, ConnectionLimits.DEFAULT.withMessageBytes(1 << 16)).start();
    try (DBusConnection client = DBusConnection.clientSide(pair.client()).connect()) {
      var fits = client.callAsync(keep(65_000), DBusConnection.DEFAULT_TIMEOUT);
      calls.take().reply(Body.EMPTY);
      var _ = fits.get(60, TimeUnit.SECONDS);
      client.send(keep(1 << 16));
      CloseReason reason = over.toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertEquals(CloseReason.Kind.INVALID_MESSAGE, reason.kind(), reason::toString);
    }
  }

  @Test
  @DisplayName("CONN-41 large calls wait for each other: what handlers hold together is limited")
  void undeliveredBytes() throws Exception {
    var pair = TransportPair.inMemory();
    var _ = side(pair, ConnectionLimits.DEFAULT.withUndeliveredBytes(150_000)).start();
    try (DBusConnection client = DBusConnection.clientSide(pair.client()).connect()) {
      var first = client.callAsync(keep(200_000), DBusConnection.DEFAULT_TIMEOUT);
      var second = client.callAsync(keep(100_000), DBusConnection.DEFAULT_TIMEOUT);
      Invocation one = calls.take();
      // Answered at once, however many calls wait: so it has been read, and so has the second.
      var _ = client.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
      assertTrue(calls.isEmpty(), "the second waits for the first, which is over the limit alone");
      one.reply(Body.EMPTY);
      first.get(60, TimeUnit.SECONDS);
      calls.take().reply(Body.EMPTY);
      second.get(60, TimeUnit.SECONDS);
    }
  }
}
