package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.connection.introspection.EmitsChanged;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SEC-41 a value that the application refuses is the peer's mistake")
class PeersValueTest {

  private static final String PATH = "/com/example/Paint";
  private static final String NAME = "com.example.Paint1";

  private enum Colour {
    RED,
    GREEN
  }

  private static final Codec<Colour> COLOUR = STRING.xmap(Colour::valueOf, Colour::name);
  private static final Codec<LocalDate> DATE = STRING.xmap(LocalDate::parse, LocalDate::toString);

  private final ScriptedPeer peer = new ScriptedPeer();
  private final CompletableFuture<DBusConnection> connection = new CompletableFuture<>();
  private final AtomicInteger asked = new AtomicInteger();

  /// Held here, since nobody else does.
  private final Logger log = Logger.getLogger("dbus.connection");

  private final Queue<LogRecord> lines = new ConcurrentLinkedQueue<>();

  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          lines.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    log.setUseParentHandlers(false);
    log.addHandler(listener);
  }

  @AfterEach
  void listenNoMore() {
    log.removeHandler(listener);
    log.setUseParentHandlers(true);
  }

  private void serve(ErrorMapping errors) throws Exception {
    Interface paint =
        Interface.named(NAME)
            .method("Fill", in("colour", COLOUR), colour -> {})
            .method("Until", in("layers", INT32), in("day", DATE), (layers, day) -> {})
            .methodAsync(
                "Soon",
                in("colour", COLOUR),
                out("done", STRING),
                colour -> CompletableFuture.completedFuture("done"))
            .methodAsync(
                "Broken",
                out("text", STRING),
                () -> CompletableFuture.failedFuture(new Unspeakable()))
            .method("Nothing", out("text", STRING), () -> null)
            .methodAsync("Never", out("text", STRING), () -> null)
            .property("Colour", COLOUR, () -> Colour.RED, colour -> {})
            .property("Volume", INT32, () -> 1, PeersValueTest::setVolume)
            .property(
                Property.readWrite(
                        "Dear",
                        STRING,
                        () -> {
                          asked.incrementAndGet();
                          return "dear";
                        },
                        text -> {})
                    .emits(EmitsChanged.INVALIDATES))
            .property("Broken", STRING, () -> null)
            .build();
    var _ =
        peer.served()
            .errors(errors)
            .onAuthenticated(opened -> {
              var _ = opened.export(new ObjectPath(PATH), paint);
              return connection.complete(opened);
            })
            .start();
    peer.authenticates();
  }

  private static void setVolume(int volume) {
    if (volume > 10) {
      throw new IllegalArgumentException("the volume is 0 to 10, not " + volume);
    }
  }

  private ErrorMessage refusal(String member, Value... arguments) throws Exception {
    peer.sends(ScriptedPeer.call(PATH, NAME, member).withBody(Body.of(arguments)));
    return assertInstanceOf(ErrorMessage.class, peer.receives());
  }

  private void set(String property, Value value) {
    peer.sends(
        ScriptedPeer.call(PATH, "org.freedesktop.DBus.Properties", "Set")
            .withBody(
                Body.of(new Value.Str(NAME), new Value.Str(property), new Value.Variant(value))));
  }

  private static void isInvalid(String text, ErrorMessage refusal) {
    assertEquals(ErrorName.INVALID_ARGS, refusal.errorName());
    assertEquals(text, refusal.text().orElseThrow());
  }

  @Test
  @DisplayName("so an argument that its codec refuses is InvalidArgs, and names no class")
  void anArgument() throws Exception {
    serve(ErrorMapping.NONE);
    isInvalid("the argument \"colour\" is refused", refusal("Fill", new Value.Str("PURPLE")));
    isInvalid("the argument \"colour\" is refused", refusal("Soon", new Value.Str("PURPLE")));
    isInvalid(
        "the argument \"day\": Text 'never' could not be parsed at index 0",
        refusal("Until", new Value.Int32(1), new Value.Str("never")));
  }

  @Test
  @DisplayName("and so is the value of a property that its codec or its setter refuses")
  void aProperty() throws Exception {
    serve(ErrorMapping.NONE);
    set("Colour", new Value.Str("PURPLE"));
    isInvalid(
        "the property com.example.Paint1.Colour is refused",
        assertInstanceOf(ErrorMessage.class, peer.receives()));
    set("Volume", new Value.Int32(11));
    isInvalid(
        "the property com.example.Paint1.Volume: the volume is 0 to 10, not 11",
        assertInstanceOf(ErrorMessage.class, peer.receives()));
  }

  @Test
  @DisplayName("unless the application has a name of its own for it")
  void aNameOfItsOwn() throws Exception {
    ErrorName own = new ErrorName("com.example.Error.NoSuchColour");
    serve(ErrorMapping.builder().thrown(IllegalArgumentException.class, own).build());
    assertEquals(own, refusal("Fill", new Value.Str("PURPLE")).errorName());
  }

  @Test
  @DisplayName("and two thousand of them cost the log no line")
  void theLog() throws Exception {
    serve(ErrorMapping.NONE);
    for (int i = 0; i < 1000; i++) {
      var _ = refusal("Fill", new Value.Str("PURPLE"));
      set("Volume", new Value.Int32(11));
      var _ = assertInstanceOf(ErrorMessage.class, peer.receives());
    }
    assertEquals(List.of(), lines.stream().map(LogRecord::getMessage).toList());
  }

  @Test
  @DisplayName("a reply with a value that the caller's codec refuses is InvalidArgs as well")
  void aReply() throws Exception {
    serve(ErrorMapping.NONE);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            var _ = connection.join().call("/", "a.b", "Colour", Body.EMPTY, COLOUR);
          } catch (Exception e) {
            failure.complete(e);
          }
        });
    peer.sends(
        MethodReturn.to(assertInstanceOf(MethodCall.class, peer.receives()))
            .withBody(Body.of(STRING, "PURPLE")));
    DBusErrorException refused =
        assertInstanceOf(DBusErrorException.class, failure.get(30, TimeUnit.SECONDS));
    assertEquals(ErrorName.INVALID_ARGS, refused.errorName());
    assertEquals("what a.b.Colour at / returned is refused", refused.text());
  }

  @Test
  @DisplayName("CONN-19 a handler that returns null is told which method it is, and which type")
  void nothing() throws Exception {
    serve(ErrorMapping.NONE);
    for (String member : List.of("Nothing", "Never")) {
      ErrorMessage failed = refusal(member);
      assertEquals(ErrorName.FAILED, failed.errorName());
      assertEquals(NAME + "." + member + " at " + PATH + " failed", failed.text().orElseThrow());
    }
    assertEquals(
        List.of(
            NAME + ".Nothing at " + PATH + " returned null, and not the \"s\" that it declares",
            NAME + ".Never at " + PATH + " returned null, and no future of its answer"),
        lines.stream().map(line -> line.getThrown().getMessage()).toList());
  }

  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  @DisplayName("CONN-51 a future that fails with what cannot say why is answered, and logged")
  void unspeakable() throws Exception {
    serve(ErrorMapping.NONE);
    assertEquals(NAME + ".Broken at " + PATH + " failed", refusal("Broken").text().orElseThrow());
    assertEquals(1, lines.size());
  }

  @Test
  @DisplayName("GetAll leaves out what cannot be read, and says so to the application")
  void getAll() throws Exception {
    serve(ErrorMapping.NONE);
    peer.sends(
        ScriptedPeer.call(PATH, "org.freedesktop.DBus.Properties", "GetAll")
            .withBody(Body.of(STRING, NAME)));
    Body all = assertInstanceOf(MethodReturn.class, peer.receives()).body();
    assertFalse(PropertiesInterface.PROPERTY_MAP.read(all.reader()).containsKey("Broken"));
    assertEquals(1, lines.size());
    assertEquals(Level.WARNING, lines.element().getLevel());
    assertEquals(
        "GetAll at " + PATH + " leaves out " + NAME + ".Broken, whose getter failed",
        lines.element().getMessage());
  }

  @Test
  @DisplayName("INTRO-21 the value of a property that is told to be invalid is not asked for")
  void invalidates() throws Exception {
    serve(ErrorMapping.NONE);
    set("Dear", new Value.Str("cheap"));
    Signal changed = assertInstanceOf(Signal.class, peer.receives());
    assertEquals(
        Body.of(
            new Value.Str(NAME), Value.of(Map.<String, Value>of()), Value.Array.ofStrings("Dear")),
        changed.body());
    assertInstanceOf(MethodReturn.class, peer.receives());
    assertEquals(0, asked.get());
  }
}
