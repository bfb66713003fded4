package dbus.connection;

import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.connection.RemoteProperties.Change;
import dbus.wire.Body;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The properties of a peer.
class RemotePropertiesTest {

  private static final String PATH = "/com/example/Battery";
  private static final String NAME = "com.example.Battery1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
  private RemoteProperties properties;

  @BeforeEach
  void connect() throws Exception {
    peer.served()
        .onAuthenticated(opened -> {
          properties = opened.properties(PATH, NAME);
          var _ = properties.watch(changes::add);
          return true;
        })
        .start();
    peer.authenticates();
  }

  private static Value uint(long value) {
    return new Value.UInt32(value);
  }

  private <T> FutureTask<T> inBackground(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    var _ = Thread.ofPlatform().start(future);
    return future;
  }

  private MethodCall asked(String member, Value... arguments) throws Exception {
    MethodCall call = assertInstanceOf(MethodCall.class, peer.receives());
    assertEquals(member, call.member().value());
    assertEquals(PATH, call.path().value());
    assertEquals(Body.of(arguments), call.body());
    return call;
  }

  private void tells(Map<String, Value> changed, String... invalidated) throws Exception {
    tells(Body.of(new Value.Str(NAME), Value.of(changed), Value.Array.ofStrings(invalidated)));
    changes.take();
  }

  private void tells(Body body) {
    peer.sends(
        Signal.of(
                new ObjectPath(PATH),
                new InterfaceName("org.freedesktop.DBus.Properties"),
                new MemberName("PropertiesChanged"))
            .withBody(body));
  }

  private long getLevel(long answer) throws Exception {
    FutureTask<Long> level = inBackground(() -> properties.get("Level", UINT32));
    MethodCall call = asked("Get", new Value.Str(NAME), new Value.Str("Level"));
    peer.sends(MethodReturn.to(call).withBody(Body.of(new Value.Variant(uint(answer)))));
    return level.get(30, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("INTRO-26 a property of which nothing was told is asked for each time")
  void asksEachTime() throws Exception {
    assertEquals(70, getLevel(70));
    assertEquals(71, getLevel(71));
    assertEquals(Optional.empty(), properties.kept("Level"));
  }

  @Test
  @DisplayName("INTRO-26 what was told is kept, replaced when told anew, dropped when invalidated")
  void keeps() throws Exception {
    tells(Map.of("Level", new Value.Variant(uint(70))));
    assertEquals(70, properties.get("Level", UINT32));
    tells(Map.of("Level", new Value.Variant(uint(71))));
    assertEquals(71, properties.get("Level", UINT32));
    tells(Map.of("Other", new Value.Variant(uint(1))), "Level");
    assertEquals(Optional.empty(), properties.kept("Level"));
    assertEquals(72, getLevel(72));
  }

  @Test
  void changesOfOtherInterfacesAndOddSignalsAreIgnored() throws Exception {
    tells(
        Body.of(
            new Value.Str("com.example.Other1"),
            Value.of(Map.of("Level", new Value.Variant(uint(1)))),
            Value.Array.ofStrings()));
    tells(Body.of(new Value.Str(NAME)));
    tells(Map.of("Level", new Value.Variant(uint(2))));
    assertEquals(Optional.of(uint(2)), properties.kept("Level"));
    assertEquals(List.of(), List.copyOf(changes));
  }

  @Test
  void setsAndAsksForAll() throws Exception {
    tells(Map.of("Level", new Value.Variant(uint(70))));
    FutureTask<Optional<Value>> set =
        inBackground(() -> {
          properties.set("Level", UINT32, 80L);
          return properties.kept("Level");
        });
    peer.sends(
        MethodReturn.to(
            asked(
                "Set", new Value.Str(NAME), new Value.Str("Level"), new Value.Variant(uint(80)))));
    assertEquals(Optional.empty(), set.get(30, TimeUnit.SECONDS));
    FutureTask<Map<String, Value>> all = inBackground(properties::getAll);
    peer.sends(
        MethodReturn.to(asked("GetAll", new Value.Str(NAME)))
            .withBody(Body.of(Value.of(Map.of("Level", new Value.Variant(uint(80)))))));
    assertEquals(Map.of("Level", uint(80)), all.get(30, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("CONN-14 a property of another type is InvalidArgs here")
  void wrongType() throws Exception {
    tells(Map.of("Level", new Value.Variant(uint(70))));
    var e = assertThrows(DBusErrorException.class, () -> properties.get("Level", STRING));
    assertEquals(ErrorName.INVALID_ARGS, e.errorName());
  }

  @Test
  void aPeerCannotFillTheMemoryWithNames() throws Exception {
    for (int i = 0; i < 3000; i++) {
      tells(Map.of("P" + i, new Value.Variant(uint(i))));
    }
    assertEquals(Optional.of(uint(2999)), properties.kept("P2999"));
    assertEquals(Optional.empty(), properties.kept("P0"));
  }

  @Test
  void closedItAsksEachTime() throws Exception {
    tells(Map.of("Level", new Value.Variant(uint(70))));
    properties.close();
    assertEquals(71, getLevel(71));
    assertThrows(
        ExecutionException.class,
        () -> {
          FutureTask<Long> odd = inBackground(() -> properties.get("Level", UINT32));
          MethodCall call = asked("Get", new Value.Str(NAME), new Value.Str("Level"));
          peer.sends(MethodReturn.to(call).withBody(Body.of(uint(1))));
          odd.get(30, TimeUnit.SECONDS);
        });
  }
}
