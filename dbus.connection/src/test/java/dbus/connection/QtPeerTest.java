package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.introspection.InterfaceInfo;
import dbus.connection.introspection.NodeInfo;
import dbus.wire.Body;
import dbus.wire.BusName;
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
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a `QDBusInterface` of Qt says after its handshake with [libdbus][ScriptedPeer]: it looks at
/// an object before it calls it, and distinguishes the errors that it gets.
class QtPeerTest {

  private static final String PATH = "/com/example/Counter";
  private static final String NAME = "com.example.Counter1";
  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

  private final ScriptedPeer qt = new ScriptedPeer();
  private final AtomicLong count = new AtomicLong(7);

  @BeforeEach
  void connect() throws Exception {
    Interface counter =
        Interface.named(NAME)
            .method("Add", in("n", UINT32), out("sum", UINT32), count::addAndGet)
            .property("Count", UINT32, count::get, count::set)
            .property("Name", STRING, () -> "counter")
            .build();
    ObjectTree objects = new ObjectTree();
    var _ = objects.export(new ObjectPath(PATH), counter);
    qt.served().objects(objects).start();
    qt.authenticates();
  }

  private Message answer(MethodCall call) throws Exception {
    qt.sends(call);
    return qt.receives();
  }

  @Test
  @DisplayName("PEER-20 it introspects an object, and calls what it has found there")
  void introspectsFirst() throws Exception {
    // Qt sets this flag on all its calls but those of interactive use.
    Message described =
        answer(
            ScriptedPeer.call(PATH, "org.freedesktop.DBus.Introspectable", "Introspect")
                .withFlags(MessageFlag.NO_AUTO_START));
    NodeInfo node =
        NodeInfo.parse(assertInstanceOf(MethodReturn.class, described).body().read(STRING));
    InterfaceInfo found = node.findInterface(new InterfaceName(NAME)).orElseThrow();
    assertTrue(found.method(new MemberName("Add")).isPresent());
    assertTrue(found.property("Count").isPresent());
    assertTrue(node.findInterface(new InterfaceName(PROPERTIES)).isPresent());

    Message sum = answer(ScriptedPeer.call(PATH, NAME, "Add").withBody(Body.of(UINT32, 5L)));
    assertEquals(12L, assertInstanceOf(MethodReturn.class, sum).body().read(UINT32));
  }

  @Test
  @DisplayName("PEER-20 it names a service where there is no bus, and is answered all the same")
  void serviceWithoutBus() throws Exception {
    Message sum =
        answer(
            ScriptedPeer.call(PATH, NAME, "Add")
                .withDestination(new BusName("com.example.Service"))
                .withBody(Body.of(UINT32, 1L)));
    assertEquals(8L, assertInstanceOf(MethodReturn.class, sum).body().read(UINT32));
  }

  @ParameterizedTest
  @CsvSource({
    "Get, com.example.Counter1, Count,",
    "Set, com.example.Counter1, Count, uint32 9",
    // Qt leaves the interface out where it was made without one.
    "Get, '', Count,",
    "Set, '', Count, uint32 9",
  })
  @DisplayName("PEER-20 it reads and sets properties")
  void properties(String member, String ofInterface, String property, String value)
      throws Exception {
    Message reply = answer(property(member, ofInterface, property, value));
    if (value != null) {
      // All who look at the object are told, before the caller is.
      assertEquals(
          new MemberName("PropertiesChanged"), assertInstanceOf(Signal.class, reply).member());
      reply = qt.receives();
    }
    MethodReturn done = assertInstanceOf(MethodReturn.class, reply);
    assertEquals(value == null ? 1 : 0, done.body().values().size());
    assertEquals(value == null ? 7 : 9, count.get());
  }

  @ParameterizedTest
  @CsvSource({
    "Get, com.example.Other1, Count,, UnknownInterface",
    "Set, com.example.Other1, Count, uint32 9, UnknownInterface",
    "Get, com.example.Counter1, Other,, UnknownProperty",
    "Set, com.example.Counter1, Other, uint32 9, UnknownProperty",
    "Set, com.example.Counter1, Name, 'x', PropertyReadOnly",
    "Set, com.example.Counter1, Count, 'x', InvalidArgs",
  })
  @DisplayName("PEER-20 it is told by name what is wrong with a property")
  void errors(String member, String ofInterface, String property, String value, String error)
      throws Exception {
    Message reply =
        answer(
            property(
                member,
                ofInterface,
                property,
                // The quotes of a text are taken away by the table.
                "x".equals(value) ? "'x'" : value));
    assertEquals(
        new ErrorName("org.freedesktop.DBus.Error." + error),
        assertInstanceOf(ErrorMessage.class, reply).errorName());
    assertEquals(7, count.get());
  }

  @Test
  @DisplayName("PEER-20 it is told by name which method, which argument, which object is wrong")
  void wrongCalls() throws Exception {
    assertEquals(ErrorName.UNKNOWN_METHOD, error(ScriptedPeer.call(PATH, NAME, "Other")));
    assertEquals(
        ErrorName.INVALID_ARGS,
        error(ScriptedPeer.call(PATH, NAME, "Add").withBody(Body.of(STRING, "x"))));
    assertEquals(ErrorName.UNKNOWN_OBJECT, error(ScriptedPeer.call("/other", NAME, "Add")));
  }

  private ErrorName error(MethodCall call) throws Exception {
    return assertInstanceOf(ErrorMessage.class, answer(call)).errorName();
  }

  private static MethodCall property(
      String member, String ofInterface, String property, String value) {
    Value name = new Value.Str(ofInterface);
    Value which = new Value.Str(property);
    Body body =
        value == null
            ? Body.of(name, which)
            : Body.of(name, which, new Value.Variant(Value.parse(value)));
    return ScriptedPeer.call(PATH, PROPERTIES, member).withBody(body);
  }
}
