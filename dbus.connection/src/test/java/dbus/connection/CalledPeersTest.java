package dbus.connection;

import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What peers of other make answer to our calls.
class CalledPeersTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ScriptedPeer peer = new ScriptedPeer();
  private DBusConnection connection;

  @BeforeEach
  void connect() throws Exception {
    AtomicReference<DBusConnection> opened = new AtomicReference<>();
    peer.served()
        .onAuthenticated(it -> {
          opened.set(it);
          return true;
        })
        .start();
    peer.authenticates();
    connection = opened.get();
  }

  private static MethodCall ask() {
    return ScriptedPeer.call("/a", "com.example.A", "Ask");
  }

  private MethodCall receivesCall() throws Exception {
    return assertInstanceOf(MethodCall.class, peer.receives());
  }

  private void answers(Message message, int serial, ByteOrder order) {
    peer.sends(MessageEncoder.encode(message, serial, order));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BIG_ENDIAN", "LITTLE_ENDIAN"})
  @DisplayName("PEER-06 a reply is read in whichever byte order it comes")
  void aReplyInEitherByteOrder(String order) throws Exception {
    CompletableFuture<MethodReturn> reply = connection.callAsync(ask(), LONG);

    answers(
        MethodReturn.to(receivesCall()).withBody(Body.of(STRING, "so")),
        7,
        order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);

    assertEquals("so", reply.get(30, TimeUnit.SECONDS).body().read(STRING));
  }

  @Test
  @DisplayName("PEER-06 a reply that nobody asked for is passed over")
  void aReplyThatNobodyAskedFor() throws Exception {
    connection.send(
        ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping")
            .withFlags(MessageFlag.NO_REPLY_EXPECTED));
    answers(MethodReturn.to(receivesCall()), 7, ByteOrder.nativeOrder());
    CompletableFuture<MethodReturn> reply = connection.callAsync(ask(), LONG);

    answers(
        MethodReturn.to(receivesCall()).withBody(Body.of(STRING, "so")),
        8,
        ByteOrder.nativeOrder());

    assertEquals("so", reply.get(30, TimeUnit.SECONDS).body().read(STRING));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.freedesktop.DBus.Error.NoSuchObject",
        "org.freedesktop.DBus.Properties.Error.InterfaceNotFound",
        "org.freedesktop.DBus.Properties.Error.PropertyNotFound",
        "org.freedesktop.DBus.Properties.Error.ReadOnly"
      })
  @DisplayName("PEER-13 godbus has error names of its own, which reach the caller as they are")
  void errorNamesOfGodbus(String name) throws Exception {
    CompletableFuture<MethodReturn> reply = connection.callAsync(ask(), LONG);

    answers(
        ErrorMessage.to(receivesCall(), new ErrorName(name), "not here"),
        7,
        ByteOrder.nativeOrder());

    ExecutionException e =
        assertThrows(ExecutionException.class, () -> reply.get(30, TimeUnit.SECONDS));
    DBusErrorException error = assertInstanceOf(DBusErrorException.class, e.getCause());
    assertEquals(new ErrorName(name), error.errorName());
    assertEquals("not here", error.text());
  }
}
