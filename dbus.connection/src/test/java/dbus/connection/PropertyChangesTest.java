package dbus.connection;

import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.listOf;
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
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What peers are told when the application changes a property.
class PropertyChangesTest {

  private static final ObjectPath PATH = new ObjectPath("/com/example/Battery");
  private static final String NAME = "com.example.Battery1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ScriptedPeer onlooker = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final AtomicLong level = new AtomicLong(70);
  private volatile boolean broken;
  private volatile Runnable whenRead = () -> {};
  private Export export;
  private DBusConnection connection;

  private final Interface battery =
      Interface.named(NAME)
          .property("Level", UINT32, this::readLevel, level::set)
          .property("State", STRING, () -> "idle")
          .property(Property.readOnly("Model", STRING, () -> "X").emits(EmitsChanged.CONST))
          .property(Property.readOnly("Noise", UINT32, () -> 3L).emits(EmitsChanged.FALSE))
          .property(Property.readOnly("Log", STRING, () -> "").emits(EmitsChanged.INVALIDATES))
          .property(Property.writeOnly("Secret", STRING, secret -> {}))
          .build();
  private final Interface vague =
      Interface.named("com.example.Vague1")
          .property("State", STRING, () -> "vague")
          .property(Property.readOnly("Clear", STRING, () -> "clear").emits(EmitsChanged.TRUE))
          .emits(EmitsChanged.INVALIDATES)
          .build();

  private long readLevel() {
    long read = level.get();
    whenRead.run();
    if (broken) {
      throw new IllegalStateException("on purpose");
    }
    return read;
  }

  @BeforeEach
  void connect() throws Exception {
    export = objects.export(PATH, battery, vague);
    for (ScriptedPeer each : List.of(onlooker, peer)) {
      DBusConnection.serverSide(each, Guid.random())
          .policy(AuthPolicy.sameUserAs(Credentials.ofUid(ScriptedPeer.UID)))
          .objects(objects)
          .onAuthenticated(opened -> {
            connection = opened;
            return true;
          })
          .start();
      each.authenticates();
    }
  }

  private static Value variant(Value value) {
    return new Value.Variant(value);
  }

  private static void assertTold(
      ScriptedPeer peer, String name, Map<String, Value> changed, String... invalidated)
      throws Exception {
    Signal signal = assertInstanceOf(Signal.class, peer.receives());
    assertEquals("PropertiesChanged", signal.member().value());
    assertEquals(PATH, signal.path());
    assertTrue(signal.destination().isEmpty());
    WireReader body = signal.body().reader();
    assertEquals(name, STRING.read(body));
    Map<String, Value> values = new HashMap<>();
    mapOf(STRING, VARIANT).read(body).forEach((key, value) -> values.put(key, variant(value)));
    assertEquals(changed, values);
    assertEquals(List.of(invalidated), listOf(STRING).read(body));
  }

  private void assertNothingTold(ScriptedPeer peer) throws Exception {
    peer.sends(ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping"));
    assertInstanceOf(MethodReturn.class, peer.receives());
  }

  @Test
  @DisplayName("INTRO-21, INTRO-23 every peer that sees the object is told, with the value now")
  void everybody() throws Exception {
    level.set(71);
    export.changed("Level");
    for (ScriptedPeer each : List.of(peer, onlooker)) {
      assertTold(each, NAME, Map.of("Level", variant(new Value.UInt32(71))));
      assertNothingTold(each);
    }
  }

  @Test
  @DisplayName("INTRO-22 several changes are one signal for each interface")
  void collected() throws Exception {
    export.changed("State", "Level", "Log");
    assertTold(
        peer,
        NAME,
        Map.of("Level", variant(new Value.UInt32(70)), "State", variant(new Value.Str("idle"))),
        "Log");
    assertTold(peer, "com.example.Vague1", Map.of(), "State");
    assertNothingTold(peer);
  }

  @Test
  @DisplayName("INTRO-21 the rule of the interface holds for properties that have none")
  void ruleOfTheInterface() throws Exception {
    export.changed("Clear");
    assertTold(peer, "com.example.Vague1", Map.of("Clear", variant(new Value.Str("clear"))));
    assertTrue(vague.info().toXml().contains("EmitsChangedSignal\" value=\"invalidates\"/>\n</i"));
  }

  @Test
  @DisplayName("INTRO-21 nothing is told of what is silent, and a constant cannot change")
  void silence() throws Exception {
    export.changed("Noise", "Secret");
    assertThrows(IllegalArgumentException.class, () -> export.changed("Level", "Model"));
    assertThrows(IllegalArgumentException.class, () -> export.changed("None"));
    export.close();
    export.changed("Level");
    assertNothingTold(peer);
  }

  @Test
  void aPropertyThatCannotBeReadIsInvalidated() throws Exception {
    broken = true;
    export.changed("Level");
    assertTold(peer, NAME, Map.of(), "Level");
  }

  @Test
  @DisplayName("INTRO-23 a peer that sees another object there is not told")
  void hidden() throws Exception {
    var _ = connection.export(PATH, Interface.named(NAME).build());
    export.changed("Level");
    assertTold(onlooker, NAME, Map.of("Level", variant(new Value.UInt32(70))));
    assertNothingTold(peer);
  }

  @Test
  @DisplayName("INTRO-22 the last value told is the last one there was, whoever is slow to tell")
  void lastValueWins() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    CountDownLatch overtaken = new CountDownLatch(1);
    whenRead =
        () -> {
          whenRead = () -> {};
          read.countDown();
          try {
            assertTrue(overtaken.await(30, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    Thread slow = Thread.ofPlatform().start(() -> export.changed("Level", "State"));
    assertTrue(read.await(30, TimeUnit.SECONDS));
    level.set(71);
    export.changed("Level");
    overtaken.countDown();
    slow.join();
    assertTold(peer, NAME, Map.of("Level", variant(new Value.UInt32(71))));
    assertTold(peer, NAME, Map.of("State", variant(new Value.Str("idle"))));
    assertTold(peer, "com.example.Vague1", Map.of(), "State");
    assertNothingTold(peer);
  }

  @Test
  void itMayBeCalledWithALockThatTheGettersNeed() throws Exception {
    Object lock = new Object();
    CountDownLatch waiting = new CountDownLatch(1);
    whenRead =
        () -> {
          waiting.countDown();
          synchronized (lock) {
            level.get();
          }
        };
    Thread other;
    synchronized (lock) {
      other = Thread.ofPlatform().start(() -> export.changed("Level"));
      assertTrue(waiting.await(30, TimeUnit.SECONDS));
      export.changed("Level");
    }
    other.join();
    assertTold(peer, NAME, Map.of("Level", variant(new Value.UInt32(70))));
  }

  @Test
  @DisplayName("INTRO-22 the signal of a Set goes out before its reply")
  void signalThenReply() throws Exception {
    peer.sends(
        ScriptedPeer.call(PATH.value(), "org.freedesktop.DBus.Properties", "Set")
            .withBody(
                Body.of(
                    new Value.Str(NAME), new Value.Str("Level"), variant(new Value.UInt32(5)))));
    assertTold(peer, NAME, Map.of("Level", variant(new Value.UInt32(5))));
    assertInstanceOf(MethodReturn.class, peer.receives());
  }

  @Test
  void aPropertyWhoseGetterFailsCanStillBeSet() throws Exception {
    broken = true;
    peer.sends(
        ScriptedPeer.call(PATH.value(), "org.freedesktop.DBus.Properties", "Set")
            .withBody(
                Body.of(
                    new Value.Str(NAME), new Value.Str("Level"), variant(new Value.UInt32(5)))));
    assertInstanceOf(MethodReturn.class, peer.receives());
    assertEquals(5, level.get());
  }
}
