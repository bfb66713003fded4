package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.CloseReason.Kind;
import dbus.wire.Body;
import dbus.wire.BusName;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Violation;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a connection makes of messages that are wrong: one that means nothing is no harm, one that
/// is invalid is the end.
class WrongMessagesTest {

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");
  private static final String PATH = "/com/example/Greeter";
  private static final String NAME = "com.example.Greeter1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final BlockingQueue<CloseReason> reasons = new LinkedBlockingQueue<>();
  private CompletionStage<CloseReason> over;

  @BeforeEach
  void connect() throws Exception {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Greet", in("name", STRING), out("greeting", STRING), n -> "Hello, " + n)
                .build());
    over =
        peer.served(GUID)
            .objects(objects)
            .onAuthenticated(connection -> {
              var _ = connection.closed().thenAccept(reasons::add);
              return true;
            })
            .start();
    peer.authenticates();
  }

  private static MethodCall greet(String name) {
    return ScriptedPeer.call(PATH, NAME, "Greet").withBody(Body.of(STRING, name));
  }

  private void expectGreeting(Message call) throws Exception {
    peer.sends(call);
    MethodReturn reply = assertInstanceOf(MethodReturn.class, peer.receives());
    assertEquals("Hello, you", reply.body().read(STRING));
  }

  @Test
  @DisplayName("MSG-33 calls of what is not there, or with other arguments, get an error each")
  void wrongCalls() throws Exception {
    List<MethodCall> wrong =
        List.of(
            ScriptedPeer.call("/nowhere", NAME, "Greet"),
            ScriptedPeer.call(PATH, "com.example.None1", "Greet"),
            ScriptedPeer.call(PATH, NAME, "None"),
            ScriptedPeer.call(PATH, NAME, "Greet"),
            greet("you").withBody(Body.of(INT32, 5)),
            ScriptedPeer.call(PATH, "org.freedesktop.DBus.Peer", "Ping")
                .withBody(Body.of(INT32, 5)));
    for (MethodCall call : wrong) {
      peer.sends(call);
      assertInstanceOf(ErrorMessage.class, peer.receives(), call::toString);
      expectGreeting(greet("you"));
    }
    assertFalse(peer.isClosed());
  }

  @Test
  @DisplayName("MSG-33 answers to no call, and signals that nobody wants, are passed over")
  void wrongAnswers() throws Exception {
    MethodCall never = ScriptedPeer.call("/", "a.b", "Never").withSerial(-2);
    peer.sends(MethodReturn.to(never));
    peer.sends(ErrorMessage.to(never, ErrorName.FAILED, "on purpose"));
    peer.sends(Signal.of(ObjectPath.ROOT, new InterfaceName("a.b"), new MemberName("C")));
    expectGreeting(greet("you"));
    assertFalse(peer.isClosed());
  }

  @Test
  @DisplayName("MSG-33 who sends a message and to whom is no matter between two programs")
  void strangeNames() throws Exception {
    expectGreeting(greet("you").withSender(new BusName("org.freedesktop.DBus")));
    expectGreeting(greet("you").withDestination(new BusName(":99.99")));
    assertFalse(peer.isClosed());
  }

  @Test
  @DisplayName("MSG-09 the flags for a bus change nothing")
  void flagsForABus() throws Exception {
    expectGreeting(
        greet("you")
            .withFlags(MessageFlag.NO_AUTO_START, MessageFlag.ALLOW_INTERACTIVE_AUTHORIZATION));
  }

  @ParameterizedTest
  @DisplayName("MSG-34 why a message was invalid is told to this side, and not to the peer")
  @CsvSource({
    "0, 120, BYTE_ORDER, 0",
    "1, 0, MESSAGE_TYPE, 1",
    "3, 2, PROTOCOL_VERSION, 3",
    "18, 115, FIELD_TYPE, 17",
    "24, 97, OBJECT_PATH, 24",
  })
  void reason(int at, int value, Violation violation, int offset) throws Exception {
    expectGreeting(greet("you"));
    byte[] bad = peer.bytesOf(ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping"));
    bad[at] = (byte) value;
    peer.sends(bad);

    CloseReason reason = reasons.poll(30, TimeUnit.SECONDS);
    assertEquals(reason, over.toCompletableFuture().get(30, TimeUnit.SECONDS));
    assertEquals(Kind.INVALID_MESSAGE, reason.kind());
    InvalidMessageException cause =
        assertInstanceOf(InvalidMessageException.class, reason.cause().orElseThrow());
    assertEquals(violation, cause.violation());
    assertEquals(offset, cause.offset());
    assertTrue(reason.detail().contains(violation + " at byte " + offset), reason::detail);
    assertTrue(peer.isClosed());
    assertTrue(peer.hasHeardAll(), "nothing was sent after the greeting");
  }
}
