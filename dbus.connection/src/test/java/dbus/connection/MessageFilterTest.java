package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.Direction.INCOMING;
import static dbus.connection.Direction.OUTGOING;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What filters see, and what becomes of what they return.
class MessageFilterTest {

  private static final String PATH = "/com/example/Greeter";
  private static final String NAME = "com.example.Greeter1";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final List<String> greeted = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private DBusConnection connection;

  @BeforeEach
  void connect() throws Exception {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Greet", in("name", STRING), out("greeting", STRING), this::greet)
                .build());
    serving(peer)
        .onAuthenticated(opened -> {
          connection = opened;
          return true;
        })
        .start();
    peer.authenticates();
  }

  private ServerSide serving(ScriptedPeer peer) {
    return peer.served().objects(objects);
  }

  private String greet(String name) {
    greeted.add(name);
    return "Hello, " + name;
  }

  private static MethodCall greeting(String name) {
    return ScriptedPeer.call(PATH, NAME, "Greet").withBody(Body.of(STRING, name));
  }

  private static Signal signal(String text) {
    return Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("S"))
        .withBody(Body.of(STRING, text));
  }

  private String receivedText() throws Exception {
    return peer.receives().body().read(STRING);
  }

  private static String text(Message message) {
    return assertInstanceOf(Value.Str.class, message.body().values().getFirst()).value();
  }

  /// Notes what it is shown, and lets it pass.
  private MessageFilter noting(String name) {
    return (message, direction) -> {
      seen.add(name + " " + direction + " " + message.type());
      return Optional.of(message);
    };
  }

  private static MessageFilter dropping(Direction wanted, Class<? extends Message> type) {
    return (message, direction) ->
        direction == wanted && type.isInstance(message) ? Optional.empty() : Optional.of(message);
  }

  private static MessageFilter failing(Direction wanted, Class<? extends Message> type) {
    return (message, direction) -> {
      if (direction == wanted && type.isInstance(message)) {
        throw new IllegalStateException("on purpose");
      }
      return Optional.of(message);
    };
  }

  private static Throwable failure(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS))
        .getCause();
  }

  private CompletableFuture<MethodReturn> callThePeer() {
    return connection.callAsync(ScriptedPeer.call("/", "a.b", "C"), LONG);
  }

  @Test
  @DisplayName(
      "CONN-26 filters see every message in and out, in the order in which they were added")
  void order() throws Exception {
    connection.addFilter(noting("first"));
    connection.addFilter(noting("second"));
    peer.sends(greeting("you"));
    assertEquals("Hello, you", receivedText());
    connection.send(signal("x"));
    peer.receives();
    assertEquals(
        List.of(
            "first INCOMING METHOD_CALL",
            "second INCOMING METHOD_CALL",
            "first OUTGOING METHOD_RETURN",
            "second OUTGOING METHOD_RETURN",
            "first OUTGOING SIGNAL",
            "second OUTGOING SIGNAL"),
        seen);
  }

  @Test
  @DisplayName("CONN-26 the library's own answers and errors are seen as well")
  void ownAnswers() throws Exception {
    connection.addFilter(noting("filter"));
    peer.sends(ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping"));
    peer.sends(ScriptedPeer.call("/nowhere", NAME, "Greet"));
    peer.receives();
    peer.receives();
    assertEquals(
        List.of(
            "filter INCOMING METHOD_CALL",
            "filter OUTGOING METHOD_RETURN",
            "filter INCOMING METHOD_CALL",
            "filter OUTGOING ERROR"),
        seen);
  }

  @Test
  @DisplayName(
      "CONN-26 a filter sees a call without its serial on the way out, with it on the way in")
  void serials() throws Exception {
    List<Integer> serials = new ArrayList<>();
    connection.addFilter((message, direction) -> {
      serials.add(message.serial());
      return Optional.of(message);
    });
    peer.sends(greeting("you"));
    peer.receives();
    assertEquals(List.of(1, 0), serials);
  }

  @Test
  @DisplayName(
      "CONN-26 a changed copy goes on in place of the message, both ways, to the next filter")
  void changes() throws Exception {
    connection.addFilter((message, direction) ->
        message instanceof MethodCall call
            ? Optional.of(call.withBody(Body.of(STRING, "one")))
            : Optional.of(message));
    connection.addFilter((message, direction) ->
        message instanceof MethodReturn reply
            ? Optional.of(reply.withBody(Body.of(STRING, text(reply) + "!")))
            : Optional.of(message));
    connection.addFilter((message, direction) -> {
      seen.add(text(message));
      return Optional.of(message);
    });
    peer.sends(greeting("you"));
    assertEquals("Hello, one!", receivedText());
    assertEquals(List.of("one", "Hello, one!"), seen);
  }

  @Test
  @DisplayName("CONN-26 a call made anew, without a serial, is answered as the one it stands for")
  void anewWithoutSerial() throws Exception {
    connection.addFilter(
        (message, direction) -> Optional.of(direction == INCOMING ? greeting("another") : message));
    peer.sends(greeting("you").withFlags(MessageFlag.NO_AUTO_START));
    MethodReturn reply = assertInstanceOf(MethodReturn.class, peer.receives());
    assertEquals(1, reply.replySerial());
    assertEquals("Hello, another", reply.body().read(STRING));
  }

  @Test
  @DisplayName("CONN-26 a call that is dropped gets no reply, no handler, and no further filter")
  void droppedCall() throws Exception {
    Registration filter = connection.addFilter(dropping(INCOMING, MethodCall.class));
    connection.addFilter(noting("next"));
    peer.sends(greeting("you"));
    filter.close();
    peer.sends(greeting("them"));
    assertEquals("Hello, them", receivedText());
    assertEquals(List.of("them"), greeted);
    assertEquals(List.of("next INCOMING METHOD_CALL", "next OUTGOING METHOD_RETURN"), seen);
  }

  @Test
  @DisplayName("CONN-26 what is dropped on its way out is not sent, and takes no serial")
  void droppedSignal() throws Exception {
    Registration filter = connection.addFilter(dropping(OUTGOING, Signal.class));
    connection.send(signal("lost"));
    filter.close();
    connection.send(signal("sent"));
    Message only = peer.receives();
    assertEquals("sent", only.body().read(STRING));
    assertEquals(1, only.serial());
  }

  @Test
  @DisplayName("CONN-26 a call that is dropped on its way out fails at once")
  void droppedOutgoingCall() {
    connection.addFilter(dropping(OUTGOING, MethodCall.class));
    assertInstanceOf(IOException.class, failure(callThePeer()));
    IOException failure =
        assertThrows(
            IOException.class, () -> connection.call(ScriptedPeer.call("/", "a.b", "C"), LONG));
    assertEquals("a message filter took the call away", failure.getMessage());
    assertTrue(peer.hasHeardAll());
  }

  @Test
  @DisplayName("CONN-26 a call that becomes one without a reply fails at once, and is sent")
  void outgoingCallWithoutReply() throws Exception {
    connection.addFilter((message, direction) ->
        message instanceof MethodCall call
            ? Optional.of(call.withFlags(MessageFlag.NO_REPLY_EXPECTED))
            : Optional.of(message));
    assertInstanceOf(IOException.class, failure(callThePeer()));
    assertTrue(peer.receives().noReplyExpected());
  }

  @Test
  @DisplayName("CONN-27 a filter added by a filter sees the next message")
  void addedWithin() throws Exception {
    AtomicReference<Registration> own = new AtomicReference<>();
    own.set(
        connection.addFilter((message, direction) -> {
          own.get().close();
          connection.addFilter(noting("new"));
          return Optional.of(message);
        }));
    peer.sends(greeting("you"));
    peer.receives();
    assertEquals(List.of("new OUTGOING METHOD_RETURN"), seen);
  }

  @Test
  @DisplayName("CONN-27 a filter removed by a filter still sees this message, and not the next")
  void removedWithin() throws Exception {
    AtomicReference<Registration> next = new AtomicReference<>();
    connection.addFilter((message, direction) -> {
      next.get().close();
      return Optional.of(message);
    });
    next.set(connection.addFilter(noting("next")));
    peer.sends(greeting("you"));
    peer.receives();
    assertEquals(List.of("next INCOMING METHOD_CALL"), seen);
  }

  @Test
  @DisplayName("CONN-27 the same filter may be added twice, and each removed by itself")
  void twice() throws Exception {
    MessageFilter filter = noting("twice");
    Registration first = connection.addFilter(filter);
    Registration second = connection.addFilter(filter);
    connection.send(signal("x"));
    first.close();
    first.close();
    connection.send(signal("x"));
    second.close();
    connection.send(signal("x"));
    assertEquals(List.of("twice OUTGOING SIGNAL"), seen.stream().distinct().toList());
    assertEquals(3, seen.size());
  }

  @Test
  @DisplayName(
      "CONN-26 a call is answered with an error if a filter fails at it, and the connection goes on")
  void failsAtIncomingCall() throws Exception {
    Registration filter = connection.addFilter(failing(INCOMING, MethodCall.class));
    peer.sends(greeting("you"));
    ErrorMessage error = assertInstanceOf(ErrorMessage.class, peer.receives());
    assertEquals(ErrorName.FAILED, error.errorName());
    assertEquals("a message filter failed", error.text().orElseThrow());
    peer.sends(greeting("you").withFlags(MessageFlag.NO_REPLY_EXPECTED));
    filter.close();
    peer.sends(greeting("them"));
    assertEquals("Hello, them", receivedText());
    assertEquals(List.of("them"), greeted);
  }

  @Test
  @DisplayName("CONN-09, CONN-26 an error goes out in place of a reply that a filter fails at")
  void failsAtOutgoingReply() throws Exception {
    connection.addFilter((message, direction) -> {
      throw new IllegalStateException("on purpose");
    });
    peer.sends(greeting("you"));
    ErrorMessage error = assertInstanceOf(ErrorMessage.class, peer.receives());
    assertEquals(1, error.replySerial());
    assertEquals(ErrorName.FAILED, error.errorName());
    assertFalse(connection.isClosed());
  }

  @Test
  @DisplayName("CONN-26 a filter that fails with an Error hurts the message alone")
  void failsBadly() throws Exception {
    Registration filter =
        connection.addFilter((message, direction) -> {
          throw new AssertionError("on purpose");
        });
    peer.sends(greeting("you"));
    assertInstanceOf(ErrorMessage.class, peer.receives());
    filter.close();
    peer.sends(greeting("them"));
    assertEquals("Hello, them", receivedText());
  }

  @Test
  @DisplayName("CONN-26 a call of this side fails at once if a filter fails at it or at its reply")
  void failsAtOutgoingCallOrItsReply() throws Exception {
    Registration filter = connection.addFilter(failing(OUTGOING, MethodCall.class));
    Throwable failure = failure(callThePeer());
    assertEquals("on purpose", failure.getCause().getMessage());
    filter.close();
    connection.addFilter(failing(INCOMING, MethodReturn.class));
    connection.addFilter(failing(INCOMING, ErrorMessage.class));
    CompletableFuture<MethodReturn> first = callThePeer();
    peer.sends(MethodReturn.to((MethodCall) peer.receives()));
    assertEquals("a message filter failed", failure(first).getMessage());
    CompletableFuture<MethodReturn> second = callThePeer();
    peer.sends(ErrorMessage.to((MethodCall) peer.receives(), ErrorName.FAILED, "theirs"));
    assertEquals("a message filter failed", failure(second).getMessage());
  }

  @Test
  @DisplayName("CONN-12, CONN-26 a filter that waits for a reply is refused, not stuck")
  void waitingForAReply() throws Exception {
    AtomicReference<Exception> refused = new AtomicReference<>();
    connection.addFilter((message, direction) -> {
      if (direction == INCOMING) {
        try {
          connection.call("/", "a.b", "C", Body.EMPTY);
        } catch (IllegalStateException | IOException | InterruptedException e) {
          refused.set(e);
        } catch (DBusErrorException e) {
          throw new AssertionError(e);
        }
      }
      return Optional.of(message);
    });
    peer.sends(greeting("you"));
    assertEquals("Hello, you", receivedText());
    assertInstanceOf(IllegalStateException.class, refused.get());
  }

  @Test
  @DisplayName("SERV-11 a filter added in the handler of new connections sees the first message")
  void firstMessage() throws Exception {
    ScriptedPeer early = new ScriptedPeer();
    serving(early)
        .onAuthenticated(opened -> {
          opened.addFilter(noting("early"));
          return true;
        })
        .start();
    early.sends(
        ScriptedPeer.handshake().getBytes(StandardCharsets.US_ASCII),
        early.bytesOf(greeting("you")));
    assertEquals("OK ", early.receivesText().substring(0, 3));
    assertEquals("Hello, you", early.receives().body().read(STRING));
    assertEquals("early INCOMING METHOD_CALL", seen.getFirst());
  }

  @Test
  @DisplayName(
      "CONN-05 a message keeps its serial if it is sent so, and the count goes on where it was")
  void preservedSerial() throws Exception {
    connection.send(signal("a"));
    connection.send(signal("b").withSerial(-2), SendOption.PRESERVE_SERIAL);
    connection.send(signal("c").withSerial(77));
    assertEquals(1, peer.receives().serial());
    assertEquals(-2, peer.receives().serial());
    assertEquals(2, peer.receives().serial());
  }

  @Test
  @DisplayName("CONN-05 a serial of 0, or of a call that waits for its reply, cannot be preserved")
  void serialThatCannotBePreserved() throws Exception {
    var _ = callThePeer();
    int waiting = peer.receives().serial();
    assertThrows(
        IllegalArgumentException.class,
        () -> connection.send(signal("x"), SendOption.PRESERVE_SERIAL));
    assertThrows(
        IllegalArgumentException.class,
        () -> connection.send(signal("x").withSerial(waiting), SendOption.PRESERVE_SERIAL));
    assertTrue(peer.hasHeardAll());
    assertFalse(connection.isClosed());
  }
}
