package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.jfr.AuthenticationFailed;
import dbus.connection.jfr.ConnectionClosed;
import dbus.connection.jfr.ConnectionOpened;
import dbus.connection.jfr.HandlerRun;
import dbus.connection.jfr.MessagePassed;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What JDK Flight Recorder records of a connection.
class FlightRecorderTest {

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");
  private static final String PATH = "/com/example/Greeter";
  private static final String NAME = "com.example.Greeter1";

  @TempDir Path directory;

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final List<DBusConnection> opened = new ArrayList<>();

  private void serve() {
    serving().start();
  }

  private ServerSide serving() {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Greet", in("name", STRING), out("greeting", STRING), n -> "Hello, " + n)
                .build());
    return peer.served(GUID).objects(objects).onAuthenticated(opened::add);
  }

  /// Records the handlers of what the peer sends, each to its end, on one thread.
  private List<RecordedEvent> recordedHandlers(Message message) throws Exception {
    try (ExecutorService handlers =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "handler"))) {
      serving().executor(handlers).start();
      peer.authenticates();
      opened
          .getFirst()
          .subscribe(
              SignalMatch.all(),
              signal -> {
                throw new IllegalStateException("on purpose");
              });
      return recorded(
          "dbus.Handler",
          () -> {
            peer.sends(message);
            handlers.submit(() -> {}).get();
          });
    }
  }

  private static MethodCall greeting(String name) {
    return ScriptedPeer.call(PATH, NAME, "Greet").withBody(Body.of(STRING, name));
  }

  private static Signal signal(String path) {
    return Signal.of(new ObjectPath(path), new InterfaceName(NAME), new MemberName("Changed"));
  }

  @FunctionalInterface
  private interface Steps {
    void run() throws Exception;
  }

  /// Records one kind of event, however short, and gives those of the connection under test.
  private List<RecordedEvent> recorded(String event, Steps steps) throws Exception {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(event).withoutThreshold();
      recording.start();
      steps.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(one -> one.getEventType().getName().equals(event))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  @Test
  void aConnectionThatOpens() throws Exception {
    serve();
    List<RecordedEvent> events = recorded("dbus.ConnectionOpened", peer::authenticates);
    assertEquals(1, events.size());
    RecordedEvent event = events.getFirst();
    assertEquals(opened.getFirst().name(), event.getString("connection"));
    assertEquals("EXTERNAL", event.getString("mechanism"));
    assertEquals("uid 4711", event.getString("identity"));
    assertEquals("peer.example/<unresolved>:42", event.getString("remoteAddress"));
    assertEquals(GUID.toString(), event.getString("serverGuid"));
    assertFalse(event.getBoolean("passesUnixFds"));
  }

  @Test
  void aConnectionThatIsClosed() throws Exception {
    serve();
    peer.authenticates();
    List<RecordedEvent> events =
        recorded(
            "dbus.ConnectionClosed",
            () -> {
              opened.getFirst().close();
              opened.getFirst().close();
            });
    assertEquals(1, events.size());
    RecordedEvent event = events.getFirst();
    assertEquals(opened.getFirst().name(), event.getString("connection"));
    assertEquals("LOCAL", event.getString("reason"));
    assertEquals("closed by this side", event.getString("detail"));
    assertEquals("", event.getString("violation"));
    assertEquals(-1, event.getInt("violationOffset"));
    assertTrue(event.getDuration("lifetime").isPositive());
  }

  @Test
  @DisplayName("MSG-34 the rule that a message breaks, and where, is in the event")
  void aConnectionThatEndsWithAnInvalidMessage() throws Exception {
    serve();
    peer.authenticates();
    byte[] bad = peer.bytesOf(greeting("you"));
    bad[3] = 2;
    List<RecordedEvent> events = recorded("dbus.ConnectionClosed", () -> peer.sends(bad));
    assertEquals(1, events.size());
    assertEquals("INVALID_MESSAGE", events.getFirst().getString("reason"));
    assertEquals("PROTOCOL_VERSION", events.getFirst().getString("violation"));
    assertEquals(3, events.getFirst().getInt("violationOffset"));
    assertTrue(peer.hasHeardAll(), "nothing of it was sent to the peer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n", "\0BEGIN\r\n"})
  void aHandshakeThatFails(String said) throws Exception {
    serve();
    List<RecordedEvent> events = recorded("dbus.AuthenticationFailed", () -> peer.sends(said));
    assertEquals(1, events.size());
    assertTrue(events.getFirst().getString("connection").startsWith("connection-"));
    assertFalse(events.getFirst().getString("detail").isEmpty());
    assertEquals("uid 4711", events.getFirst().getString("credentials"));
    assertEquals("peer.example/<unresolved>:42", events.getFirst().getString("remoteAddress"));
    assertEquals(List.of(), opened);
  }

  @Test
  void aHandlerOfACall() throws Exception {
    List<RecordedEvent> events = recordedHandlers(greeting("you"));
    assertEquals(1, events.size());
    RecordedEvent event = events.getFirst();
    assertEquals(opened.getFirst().name(), event.getString("connection"));
    assertEquals("METHOD_CALL", event.getString("messageType"));
    assertEquals(PATH, event.getString("path"));
    assertEquals(NAME, event.getString("interfaceName"));
    assertEquals("Greet", event.getString("member"));
    assertEquals("handler", event.getThread().getJavaName());
    assertTrue(event.getDuration().isPositive());
  }

  @Test
  void aHandlerOfASignalThatFails() throws Exception {
    List<RecordedEvent> events = recordedHandlers(signal("/a"));
    assertEquals(1, events.size());
    RecordedEvent event = events.getFirst();
    assertEquals(opened.getFirst().name(), event.getString("connection"));
    assertEquals("SIGNAL", event.getString("messageType"));
    assertEquals("/a", event.getString("path"));
    assertEquals(NAME, event.getString("interfaceName"));
    assertEquals("Changed", event.getString("member"));
  }

  @Test
  void messagesInAndOutWithoutTheirArguments() throws Exception {
    serve();
    peer.authenticates();
    List<RecordedEvent> events =
        recorded(
            "dbus.Message",
            () -> {
              peer.sends(greeting("secret"));
              peer.receives();
              peer.sends(ScriptedPeer.call("/nowhere", NAME, "Greet"));
              peer.receives();
            });
    assertEquals(
        List.of(
            "INCOMING METHOD_CALL 1 to 0 /com/example/Greeter Greet  s",
            "OUTGOING METHOD_RETURN 1 to 1    s",
            "INCOMING METHOD_CALL 2 to 0 /nowhere Greet  ",
            "OUTGOING ERROR 2 to 2   org.freedesktop.DBus.Error.UnknownObject s"),
        events.stream().map(FlightRecorderTest::outline).toList());
    assertEquals(11, events.getFirst().getLong("bodyLength"));
    assertFalse(events.toString().contains("secret"));
  }

  private static String outline(RecordedEvent event) {
    return "%s %s %d to %d %s %s %s %s"
        .formatted(
            event.getString("direction"),
            event.getString("type"),
            event.getInt("serial"),
            event.getInt("replySerial"),
            event.getString("path"),
            event.getString("member"),
            event.getString("errorName"),
            event.getString("signature"));
  }

  @Test
  @DisplayName("SEC-07 what a peer makes long is cut")
  void longPath() throws Exception {
    serve();
    peer.authenticates();
    List<RecordedEvent> events =
        recorded("dbus.Message", () -> peer.sends(signal("/" + "a".repeat(100_000))));
    assertEquals(257, events.getFirst().getString("path").length());
  }

  @Test
  void onlyTheMessagesAreOffByDefaultAndOnlySlowHandlersAreRecorded() {
    assertEquals("true", byDefault(ConnectionOpened.class, "enabled"));
    assertEquals("true", byDefault(ConnectionClosed.class, "enabled"));
    assertEquals("true", byDefault(AuthenticationFailed.class, "enabled"));
    assertEquals("true", byDefault(HandlerRun.class, "enabled"));
    assertEquals("20 ms", byDefault(HandlerRun.class, "threshold"));
    assertEquals("false", byDefault(MessagePassed.class, "enabled"));
  }

  private static String byDefault(Class<? extends Event> event, String setting) {
    return EventType.getEventType(event).getSettingDescriptors().stream()
        .filter(one -> one.getName().equals(setting))
        .findFirst()
        .orElseThrow()
        .getDefaultValue();
  }

  @Test
  void everyEventSaysWhatItIs() {
    for (Class<? extends Event> one :
        List.of(
            ConnectionOpened.class,
            ConnectionClosed.class,
            AuthenticationFailed.class,
            HandlerRun.class,
            MessagePassed.class)) {
      EventType type = EventType.getEventType(one);
      assertEquals(List.of("D-Bus"), type.getCategoryNames());
      assertTrue(type.getName().startsWith("dbus."), type.getName());
      assertFalse(type.getDescription().isEmpty(), type.getName());
    }
  }
}
