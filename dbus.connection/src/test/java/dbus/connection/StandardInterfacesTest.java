package dbus.connection;

import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.mapOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.introspection.EmitsChanged;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.Message;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every object can do without being told: Peer, Introspectable, Properties.
class StandardInterfacesTest {

  private static final String PATH = "/com/example/Counter";
  private static final String NAME = "com.example.Counter1";
  private static final String PEER = "org.freedesktop.DBus.Peer";
  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
  private static final String INTROSPECTABLE = "org.freedesktop.DBus.Introspectable";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ScriptedPeer onlooker = new ScriptedPeer();
  private final AtomicLong counter = new AtomicLong(7);
  private final List<String> secrets = new ArrayList<>();

  @BeforeEach
  void connect() throws Exception {
    Interface described =
        Interface.named(NAME)
            .property("Count", UINT32, counter::get, counter::set)
            .property(
                Property.readWrite("Quiet", UINT32, counter::get, counter::set)
                    .emits(EmitsChanged.FALSE))
            .property(
                Property.readWrite("Vague", UINT32, counter::get, counter::set)
                    .emits(EmitsChanged.INVALIDATES))
            .property(Property.readOnly("Fixed", STRING, () -> "f").emits(EmitsChanged.CONST))
            .property(Property.writeOnly("Secret", STRING, secrets::add))
            .property(
                "Broken",
                STRING,
                () -> {
                  throw new DBusErrorException(new ErrorName("com.example.Broken"), "so it is");
                })
            .build();
    Interface bare = Interface.named("com.example.Bare1").build();
    ObjectTree objects = new ObjectTree();
    var _ = objects.export(new ObjectPath(PATH), described, bare);
    var _ = objects.export(new ObjectPath("/bare"), bare);
    for (ScriptedPeer each : List.of(peer, onlooker)) {
      DBusConnection.serverSide(each, Guid.random())
          .policy(AuthPolicy.sameUserAs(Credentials.ofUid(ScriptedPeer.UID)))
          .objects(objects)
          .start();
      each.authenticates();
    }
  }

  private Body answer(String path, String interfaceName, String member, Value... arguments)
      throws Exception {
    peer.sends(ScriptedPeer.call(path, interfaceName, member).withBody(Body.of(arguments)));
    return assertInstanceOf(MethodReturn.class, peer.receives()).body();
  }

  private ErrorName error(String path, String interfaceName, String member, Value... arguments)
      throws Exception {
    peer.sends(ScriptedPeer.call(path, interfaceName, member).withBody(Body.of(arguments)));
    return assertInstanceOf(ErrorMessage.class, peer.receives()).errorName();
  }

  private static Value text(String text) {
    return new Value.Str(text);
  }

  private static Value variant(Value value) {
    return new Value.Variant(value);
  }

  @Test
  @DisplayName("INTRO-01 Ping is answered at every path, whether something is there or not")
  void ping() throws Exception {
    assertTrue(answer(PATH, PEER, "Ping").isEmpty());
    assertTrue(answer("/no/such/object", PEER, "Ping").isEmpty());
  }

  @Test
  @DisplayName("INTRO-04 Ping with arguments is InvalidArgs, another member of Peer UnknownMethod")
  void otherPings() throws Exception {
    assertEquals(ErrorName.INVALID_ARGS, error("/", PEER, "Ping", text("x")));
    assertEquals(ErrorName.UNKNOWN_METHOD, error("/", PEER, "Pong"));
  }

  @Test
  @DisplayName(
      "INTRO-02, INTRO-03 the machine id is the one of the file, or an error if there is none")
  void machineId(@TempDir Path root) throws Exception {
    DBusErrorException none =
        assertThrows(DBusErrorException.class, () -> PeerInterface.machineId(root));
    assertEquals(ErrorName.FAILED, none.errorName());
    Path file = Files.createDirectories(root.resolve("etc")).resolve("machine-id");
    Files.writeString(file, "0123456789ABCDEF0123456789abcdef\n");
    assertEquals("0123456789abcdef0123456789abcdef", PeerInterface.machineId(root));
    Files.createDirectories(root.resolve("var/lib/dbus"));
    Files.writeString(root.resolve("var/lib/dbus/machine-id"), "f".repeat(32));
    assertEquals("f".repeat(32), PeerInterface.machineId(root));
  }

  @Test
  @DisplayName("INTRO-02 the machine id is told at every path")
  void machineIdOfThisMachine() throws Exception {
    peer.sends(ScriptedPeer.call("/nowhere", PEER, "GetMachineId"));
    String told =
        switch (peer.receives()) {
          case MethodReturn reply -> reply.body().read(STRING);
          case Message error -> assertInstanceOf(ErrorMessage.class, error).errorName().toString();
        };
    String expected;
    try {
      expected = PeerInterface.machineId(Path.of("/"));
    } catch (DBusErrorException none) {
      expected = none.errorName().toString();
    }
    assertEquals(expected, told);
  }

  @Test
  @DisplayName("INTRO-08, INTRO-09 the root and ancestors can be introspected, other paths not")
  void introspects() throws Exception {
    String root = answer("/", INTROSPECTABLE, "Introspect").read(STRING);
    assertTrue(root.contains("<node name=\"com\"/>"), root);
    String above = answer("/com/example", INTROSPECTABLE, "Introspect").read(STRING);
    assertTrue(above.contains("<node name=\"Counter\"/>"), above);
    String object = answer(PATH, INTROSPECTABLE, "Introspect").read(STRING);
    assertTrue(object.contains("<property name=\"Count\" type=\"u\" access=\"readwrite\"/>"));
    assertEquals(ErrorName.UNKNOWN_OBJECT, error("/nowhere", INTROSPECTABLE, "Introspect"));
  }

  @Test
  @DisplayName("INTRO-16, INTRO-17 Get returns a variant of the declared type")
  void get() throws Exception {
    Body body = answer(PATH, PROPERTIES, "Get", text(NAME), text("Count"));
    assertEquals(List.of(variant(new Value.UInt32(7))), body.values());
  }

  @Test
  @DisplayName("INTRO-17, INTRO-18 what cannot be read or set has an error of its own")
  void errors() throws Exception {
    assertEquals(
        ErrorName.UNKNOWN_PROPERTY, error(PATH, PROPERTIES, "Get", text(NAME), text("None")));
    assertEquals(
        ErrorName.UNKNOWN_INTERFACE,
        error(PATH, PROPERTIES, "Get", text("com.example.None1"), text("Count")));
    assertEquals(
        ErrorName.UNKNOWN_INTERFACE, error(PATH, PROPERTIES, "Get", text("no name"), text("x")));
    assertEquals(
        ErrorName.ACCESS_DENIED, error(PATH, PROPERTIES, "Get", text(NAME), text("Secret")));
    assertEquals(
        ErrorName.PROPERTY_READ_ONLY,
        error(PATH, PROPERTIES, "Set", text(NAME), text("Fixed"), variant(text("x"))));
    assertEquals(
        ErrorName.INVALID_ARGS,
        error(PATH, PROPERTIES, "Set", text(NAME), text("Count"), variant(text("x"))));
    assertEquals(
        new ErrorName("com.example.Broken"),
        error(PATH, PROPERTIES, "Get", text(NAME), text("Broken")));
    assertEquals(7, counter.get());
  }

  @Test
  @DisplayName("INTRO-19, INTRO-25 GetAll gives what can be read, and leaves out what cannot")
  void getAll() throws Exception {
    Map<String, Value> all =
        answer(PATH, PROPERTIES, "GetAll", text(NAME)).read(mapOf(STRING, VARIANT));
    assertEquals(List.of("Count", "Quiet", "Vague", "Fixed"), List.copyOf(all.keySet()));
    assertTrue(
        answer("/bare", PROPERTIES, "GetAll", text("com.example.Bare1"))
            .read(mapOf(STRING, VARIANT))
            .isEmpty());
    assertEquals(
        ErrorName.UNKNOWN_INTERFACE,
        error("/bare", PROPERTIES, "GetAll", text("com.example.None1")));
  }

  @Test
  @DisplayName("INTRO-20 the empty interface name stands for all interfaces of the object")
  void noInterfaceName() throws Exception {
    Body body = answer(PATH, PROPERTIES, "Get", text(""), text("Fixed"));
    assertEquals(List.of(variant(text("f"))), body.values());
    Map<String, Value> all =
        answer(PATH, PROPERTIES, "GetAll", text("")).read(mapOf(STRING, VARIANT));
    assertEquals(List.of("Count", "Quiet", "Vague", "Fixed"), List.copyOf(all.keySet()));
    answer(PATH, PROPERTIES, "Set", text(""), text("Quiet"), variant(new Value.UInt32(9)));
    assertEquals(9, counter.get());
    assertEquals(
        ErrorName.UNKNOWN_PROPERTY, error(PATH, PROPERTIES, "Get", text(""), text("None")));
  }

  @Test
  @DisplayName("INTRO-21 to INTRO-23 a change is told to every peer that sees the object, once")
  void tellsOfChanges() throws Exception {
    set("Count", 8);
    for (ScriptedPeer each : List.of(peer, onlooker)) {
      Signal signal = assertInstanceOf(Signal.class, each.receives());
      assertEquals("PropertiesChanged", signal.member().value());
      assertEquals(PATH, signal.path().value());
      assertEquals(
          Body.of(
              text(NAME),
              Value.of(Map.of("Count", variant(new Value.UInt32(8)))),
              Value.Array.ofStrings()),
          signal.body());
    }
    assertInstanceOf(MethodReturn.class, peer.receives());
    set("Vague", 9);
    Signal vague = assertInstanceOf(Signal.class, peer.receives());
    assertEquals(Value.Array.ofStrings("Vague"), vague.body().values().get(2));
    assertInstanceOf(MethodReturn.class, peer.receives());
  }

  @Test
  @DisplayName("INTRO-21, INTRO-24 no signal for what is declared silent, or has not changed")
  void silence() throws Exception {
    set("Quiet", 8);
    assertInstanceOf(MethodReturn.class, peer.receives());
    set("Count", 8);
    assertInstanceOf(MethodReturn.class, peer.receives());
    answer(PATH, PROPERTIES, "Set", text(NAME), text("Secret"), variant(text("s")));
    assertEquals(List.of("s"), secrets);
  }

  private void set(String property, long value) {
    peer.sends(
        ScriptedPeer.call(PATH, PROPERTIES, "Set")
            .withBody(Body.of(text(NAME), text(property), variant(new Value.UInt32(value)))));
  }
}
