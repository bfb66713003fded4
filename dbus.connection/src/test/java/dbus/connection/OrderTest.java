package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.VARIANT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("CONN-54 the handlers of one connection begin in the order of the messages")
class OrderTest {
  private static final String PATH = "/com/example/Work";
  private static final String NAME = "com.example.Work1";
  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final Semaphore gate = new Semaphore(0);
  private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
  private final BlockingQueue<Invocation> kept = new LinkedBlockingQueue<>();
  private final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
  private volatile String note = "old";

  private InterfaceBuilder work() {
    return Interface.named(NAME)
        .method("Note", in("text", STRING), out("same", STRING), this::begins)
        .method("Wait", in("text", STRING), out("same", STRING), this::waits)
        .method("Ask", this::ask)
        .method("AskLater", () -> asked().get())
        .method("AskAndJoin", () -> asked().join())
        .method("AskAndDerive", () -> asked().thenApply(reply -> reply.body().signature()).join())
        .method("Keep", List.of(), List.of(), kept::add)
        .method("Export", this::exportAnother)
        .method(
            "Interrupt",
            () -> {
              gate.acquire();
              Thread.currentThread().interrupt();
            })
        .method(
            "Flag",
            out("text", STRING),
            () -> Thread.currentThread().isInterrupted() ? "interrupted" : "not interrupted")
        .property("Text", STRING, () -> note, this::setSlowly)
        .property("Quick", STRING, () -> note, text -> note = text);
  }

  private String begins(String text) {
    begun.add(text);
    return text;
  }

  private String waits(String text) throws InterruptedException {
    begun.add(text);
    gate.acquire();
    return text;
  }

  private void setSlowly(String text) throws InterruptedException {
    begun.add("set");
    gate.acquire();
    note = text;
  }

  private void exportAnother() throws InterruptedException {
    begun.add("export");
    gate.acquire();
    var _ = objects.export(new ObjectPath("/x"), work().build());
  }

  private static MethodCall question() {
    return ScriptedPeer.call("/peer", "com.example.Peer1", "Question");
  }

  private void ask() throws Exception {
    var _ = opened.get().call(question(), LONG);
  }

  private CompletableFuture<MethodReturn> asked() throws Exception {
    return opened.get().callAsync(question(), LONG);
  }

  private void serve(Interface subject, UnaryOperator<ServerSide> options) throws Exception {
    var _ = objects.export(new ObjectPath(PATH), subject);
    options.apply(peer.served().objects(objects)).onAuthenticated(opened::complete).start();
    peer.authenticates();
  }

  private void serve() throws Exception {
    serve(work().build(), side -> side);
  }

  private byte[] call(String member, String text) {
    return peer.bytesOf(ScriptedPeer.call(PATH, NAME, member).withBody(Body.of(STRING, text)));
  }

  private byte[] call(String member) {
    return peer.bytesOf(ScriptedPeer.call(PATH, NAME, member));
  }

  private byte[] signal(String text) {
    return peer.bytesOf(ScriptedPeer.signal(text));
  }

  private byte[] ping() {
    return peer.bytesOf(ScriptedPeer.call(PATH, "org.freedesktop.DBus.Peer", "Ping"));
  }

  private String text() throws Exception {
    return reply().body().read(STRING);
  }

  private MethodReturn reply() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives());
  }

  private String begun() throws InterruptedException {
    String one = begun.poll(30, TimeUnit.SECONDS);
    return one == null ? "nothing" : one;
  }

  /// All that was sent before has been read now, since only this overtakes.
  private void pingIsAnswered() throws Exception {
    peer.sends(ping());
    assertEquals(Body.EMPTY, reply().body());
  }

  @Test
  @DisplayName("a call waits for the handler of the one before, and Ping for nobody")
  void oneAfterTheOther() throws Exception {
    serve();
    peer.sends(call("Wait", "1"), call("Note", "2"), call("Note", "3"));
    assertEquals("1", begun());
    pingIsAnswered();
    assertTrue(begun.isEmpty());
    gate.release();
    assertEquals(List.of("1", "2", "3"), List.of(text(), text(), text()));
    assertEquals(List.of("2", "3"), List.of(begun(), begun()));
  }

  @Test
  @DisplayName("thousands that wait behind a slow one begin in order, and are answered in order")
  void thousands() throws Exception {
    serve();
    List<String> all = IntStream.range(0, 5000).mapToObj(Integer::toString).toList();
    peer.sends(call("Wait", "first"));
    all.forEach(text -> peer.sends(call("Note", text)));
    assertEquals("first", begun());
    gate.release();
    assertEquals("first", text());
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      answers.add(text());
    }
    assertEquals(all, answers);
    assertEquals(all, List.copyOf(begun));
  }

  @Test
  @DisplayName("signals and calls are in one line")
  void signalsToo() throws Exception {
    serve();
    opened
        .get()
        .subscribe(
            SignalMatch.all(),
            one -> {
              begun.add("signal " + one.body().reader().readString());
              gate.acquireUninterruptibly();
            });
    peer.sends(signal("1"), call("Note", "2"), signal("3"), call("Note", "4"));
    assertEquals("signal 1", begun());
    pingIsAnswered();
    assertTrue(begun.isEmpty());
    gate.release(2);
    assertEquals(List.of("2", "signal 3", "4"), List.of(begun(), begun(), begun()));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a call back gets through while a handler waits for its caller, however it waits")
  void callBack(Waiting how) throws Exception {
    serve();
    peer.sends(call(how.member), call("Note", "behind"));
    Message first = peer.receives();
    MethodCall question = assertInstanceOf(MethodCall.class, first);
    assertEquals("behind", begun());
    assertEquals("behind", text());
    peer.sends(call("Note", "call back"));
    assertEquals("call back", text());
    peer.sends(MethodReturn.to(question).withBody(Body.of(STRING, "42")));
    assertEquals(Body.EMPTY, reply().body());
  }

  enum Waiting {
    CALL("Ask"),
    GET("AskLater"),
    JOIN("AskAndJoin"),
    DERIVED("AskAndDerive");

    final String member;

    Waiting(String member) {
      this.member = member;
    }
  }

  @Test
  @DisplayName("a call back to a handler that itself calls back gets through, many deep")
  void nested() throws Exception {
    serve();
    List<MethodCall> questions = new ArrayList<>();
    for (int depth = 0; depth < 20; depth++) {
      peer.sends(call("Ask"));
      questions.add(assertInstanceOf(MethodCall.class, peer.receives()));
    }
    for (MethodCall question : questions.reversed()) {
      peer.sends(MethodReturn.to(question).withBody(Body.of(STRING, "42")));
      assertEquals(Body.EMPTY, reply().body());
    }
  }

  @Test
  @DisplayName("who has given its turn back does not take one from somebody else")
  void turnsAreGivenBackOnce() throws Exception {
    serve();
    peer.sends(call("Ask"));
    MethodCall question = assertInstanceOf(MethodCall.class, peer.receives());
    peer.sends(call("Wait", "1"), call("Note", "2"));
    assertEquals("1", begun());
    peer.sends(MethodReturn.to(question).withBody(Body.of(STRING, "42")));
    assertEquals(Body.EMPTY, reply().body());
    pingIsAnswered();
    assertTrue(begun.isEmpty());
    gate.release();
    assertEquals(List.of("1", "2"), List.of(text(), text()));
  }

  @Test
  @DisplayName("an invocation that is kept for later has returned")
  void keptForLater() throws Exception {
    serve();
    peer.sends(call("Keep"), call("Note", "behind"));
    assertEquals("behind", text());
    kept.take().reply();
    assertEquals(Body.EMPTY, reply().body());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what is declared concurrent holds nobody up once it has begun")
  void concurrent(Declared where) throws Exception {
    serve(
        switch (where) {
          case METHOD -> work().concurrent("Wait").build();
          case INTERFACE -> work().concurrent().build();
          case CONNECTION -> work().build();
        },
        side -> where == Declared.CONNECTION ? side.concurrent() : side);
    // Several times: it is known to take long then.
    for (int i = 0; i < 3; i++) {
      peer.sends(call("Wait", "1"), call("Wait", "2"), call("Note", "3"));
      assertEquals("3", text());
      List<String> all = new ArrayList<>(List.of(begun(), begun(), begun()));
      all.sort(null);
      assertEquals(List.of("1", "2", "3"), all);
      gate.release(2);
      List<String> answers = new ArrayList<>(List.of(text(), text()));
      answers.sort(null);
      assertEquals(List.of("1", "2"), answers);
    }
  }

  enum Declared {
    METHOD,
    INTERFACE,
    CONNECTION
  }

  @Test
  @DisplayName("a concurrent call awaits its turn too")
  void concurrentAwaitsItsTurn() throws Exception {
    serve(work().concurrent("Note").build(), side -> side);
    peer.sends(call("Wait", "1"), call("Note", "2"));
    assertEquals("1", begun());
    pingIsAnswered();
    assertTrue(begun.isEmpty());
    gate.release();
    assertEquals(List.of("1", "2"), List.of(text(), text()));
  }

  @Test
  @DisplayName("properties stay in order, also those of a concurrent interface")
  void propertiesOfAConcurrentInterface() throws Exception {
    serve(work().concurrent().build(), ServerSide::concurrent);
    peer.sends(set("Text", "new"), get("Text"));
    assertEquals("set", begun());
    pingIsAnswered();
    assertTrue(peer.hasHeardAll());
    gate.release();
    assertEquals("new", valueAfterSet());
  }

  private byte[] set(String property, String value) {
    return peer.bytesOf(
        ScriptedPeer.call(PATH, PROPERTIES, "Set")
            .withBody(
                Body.of(
                    new Value.Str(NAME),
                    new Value.Str(property),
                    new Value.Variant(new Value.Str(value)))));
  }

  private byte[] get(String property) {
    return peer.bytesOf(
        ScriptedPeer.call(PATH, PROPERTIES, "Get")
            .withBody(Body.of(new Value.Str(NAME), new Value.Str(property))));
  }

  private String valueAfterSet() throws Exception {
    Message next = peer.receives();
    while (next instanceof Signal || next.body().equals(Body.EMPTY)) {
      next = peer.receives();
    }
    return assertInstanceOf(Value.Str.class, next.body().read(VARIANT)).value();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a property that was set has its new value for the next call")
  void setAndGet(Setter pace) throws Exception {
    serve();
    String property = pace == Setter.SLOW ? "Text" : "Quick";
    for (int i = 0; i < 20; i++) {
      gate.release();
      peer.sends(set(property, "new " + i), get(property));
      assertEquals("new " + i, valueAfterSet());
    }
  }

  enum Setter {
    QUICK,
    SLOW
  }

  @Test
  @DisplayName("calls are looked up at their turn: the one before may have exported what is called")
  void lookedUpAtTheirTurn() throws Exception {
    serve();
    peer.sends(
        call("Export"),
        peer.bytesOf(ScriptedPeer.call("/x", NAME, "Note").withBody(Body.of(STRING, "there"))));
    assertEquals("export", begun());
    pingIsAnswered();
    gate.release();
    assertEquals(Body.EMPTY, reply().body());
    assertEquals("there", text());
  }

  @Test
  @DisplayName("Introspect and refusals keep the order")
  void refusals() throws Exception {
    serve();
    peer.sends(
        call("Wait", "1"),
        call("Nothing"),
        peer.bytesOf(ScriptedPeer.call("/nowhere", NAME, "Note")),
        peer.bytesOf(ScriptedPeer.call(PATH, "org.freedesktop.DBus.Introspectable", "Introspect")),
        call("Note", "last"));
    pingIsAnswered();
    assertTrue(peer.hasHeardAll());
    gate.release();
    assertEquals("1", text());
    assertEquals(ErrorName.UNKNOWN_METHOD, error());
    assertEquals(ErrorName.UNKNOWN_OBJECT, error());
    assertTrue(text().contains(NAME));
    assertEquals("last", text());
  }

  private ErrorName error() throws Exception {
    return assertInstanceOf(ErrorMessage.class, peer.receives()).errorName();
  }

  @Test
  @DisplayName(
      "CONN-13 where too many calls are in progress, the next waits for an answer, in order")
  void tooManyInProgress() throws Exception {
    serve(work().build(), side -> side.limits(ConnectionLimits.DEFAULT.withCallsInProgress(2)));
    peer.sends(call("Keep"), call("Keep"), call("Note", "3"), call("Note", "4"));
    Invocation one = kept.take();
    Invocation two = kept.take();
    pingIsAnswered();
    assertTrue(begun.isEmpty());
    one.reply();
    assertEquals(Body.EMPTY, reply().body());
    assertEquals(List.of("3", "4"), List.of(text(), text()));
    two.reply();
    assertEquals(Body.EMPTY, reply().body());
  }

  @Test
  @DisplayName("CONN-41 beyond the limit of what waits nothing is read, and then reading goes on")
  void backPressure() throws Exception {
    serve(work().build(), side -> side.limits(ConnectionLimits.DEFAULT.withUndeliveredBytes(4096)));
    String large = "x".repeat(3000);
    peer.sends(call("Wait", "1"));
    assertEquals("1", begun());
    Thread sending =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              for (int i = 0; i < 10; i++) {
                peer.sends(call("Note", large));
              }
              peer.sends(ping());
            });
    sending.join(200);
    assertTrue(sending.isAlive(), "it is read from all the time");
    gate.release();
    assertEquals("1", text());
    int answers = 0;
    while (answers < 10) {
      answers += reply().body().equals(Body.EMPTY) ? 0 : 1;
    }
    sending.join();
  }

  @Test
  @DisplayName("CONN-52 an interrupt that one handler leaves behind does not reach the next")
  void interruptsStay() throws Exception {
    serve();
    for (int i = 0; i < 3; i++) {
      peer.sends(call("Interrupt"), call("Flag"));
      pingIsAnswered();
      gate.release();
      assertEquals(Body.EMPTY, reply().body());
      assertEquals("not interrupted", text());
    }
  }

  @Test
  @DisplayName("both of two numbers that are sent together come back in order, a thousand times")
  void quickOnes() throws Exception {
    serve(
        Interface.named(NAME).method("Same", in("n", INT32), out("n", INT32), n -> n).build(),
        side -> side);
    MethodCall same = ScriptedPeer.call(PATH, NAME, "Same");
    for (int i = 0; i < 1000; i++) {
      byte[] first = peer.bytesOf(same.withBody(Body.of(INT32, 2 * i)));
      peer.sends(first, peer.bytesOf(same.withBody(Body.of(INT32, 2 * i + 1))));
      assertEquals(2 * i, reply().body().read(INT32));
      assertEquals(2 * i + 1, reply().body().read(INT32));
    }
  }
}
