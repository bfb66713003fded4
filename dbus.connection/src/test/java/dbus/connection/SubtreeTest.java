package dbus.connection;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.connection.introspection.NodeInfo;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Objects that are made when they are asked for.
class SubtreeTest {

  private static final ObjectPath USERS = new ObjectPath("/com/example/users");
  private static final String USER = "com.example.User1";
  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
  private static final String INTROSPECTABLE = "org.freedesktop.DBus.Introspectable";

  private final Map<String, Long> users = new TreeMap<>(Map.of("ann", 1L, "bob", 2L));
  private final ObjectTree shared = new ObjectTree();
  private final ScriptedPeer peer = new ScriptedPeer();
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private DBusConnection connection;

  private void connect() throws Exception {
    peer.served()
        .objects(shared)
        .executor(tasks::add)
        .onAuthenticated(opened -> {
          connection = opened;
          return true;
        })
        .start();
    peer.authenticates();
  }

  private Interface user(String name) {
    return Interface.named(USER)
        .method("Name", out("name", STRING), () -> name)
        .property("Age", UINT32, () -> users.get(name), age -> users.put(name, age))
        .build();
  }

  private static Interface named(String interfaceName, String text) {
    return Interface.named(interfaceName).method("Name", out("name", STRING), () -> text).build();
  }

  private dbus.wire.Message answer(String path, String interfaceName, String member, Value... args)
      throws Exception {
    peer.sends(ScriptedPeer.call(path, interfaceName, member).withBody(Body.of(args)));
    if (tasks.peek() != null) {
      tasks.remove().run();
    }
    return peer.receives();
  }

  private String name(String path) throws Exception {
    return assertInstanceOf(MethodReturn.class, answer(path, USER, "Name")).body().read(STRING);
  }

  private ErrorName error(String path) throws Exception {
    return assertInstanceOf(ErrorMessage.class, answer(path, USER, "Name")).errorName();
  }

  private NodeInfo introspect(String path) throws Exception {
    return NodeInfo.parse(
        assertInstanceOf(MethodReturn.class, answer(path, INTROSPECTABLE, "Introspect"))
            .body()
            .read(STRING));
  }

  private Subtree listed() {
    return Subtree.ofListedNodes(users::keySet, name -> List.of(user(name)));
  }

  @Test
  @DisplayName("CONN-47 nodes are listed, introspected, and called, and others are not there")
  void listedNodes() throws Exception {
    connect();
    var _ = connection.export(USERS, listed());
    assertEquals("ann", name("/com/example/users/ann"));
    users.put("cid", 3L);
    assertEquals("cid", name("/com/example/users/cid"));
    assertEquals(ErrorName.UNKNOWN_OBJECT, error("/com/example/users/dan"));
    assertEquals(ErrorName.UNKNOWN_INTERFACE, error("/com/example/users"));
    assertEquals(ErrorName.UNKNOWN_OBJECT, error("/com/example/users/ann/x"));
    assertEquals(List.of("ann", "bob", "cid"), introspect("/com/example/users").childNames());
    assertEquals(List.of("users"), introspect("/com/example").childNames());
    assertEquals(USER, introspect("/com/example/users/ann").interfaces().getLast().name().value());
  }

  @Test
  @DisplayName("CONN-47 more nodes may be called than are listed")
  void unlistedNodes() throws Exception {
    connect();
    var _ =
        connection.export(
            USERS,
            Subtree.ofNodes(
                users::keySet, name -> name.startsWith("x") ? List.of() : List.of(user(name))));
    assertEquals("dan", name("/com/example/users/dan"));
    assertEquals(ErrorName.UNKNOWN_OBJECT, error("/com/example/users/x"));
    assertEquals(List.of("ann", "bob"), introspect("/com/example/users").childNames());
  }

  @Test
  @DisplayName("CONN-47 what is exported at a path itself goes before a subtree, own or shared")
  void explicitWins() throws Exception {
    connect();
    var _ = connection.export(USERS, listed());
    Export own = connection.export(USERS.child("ann"), named(USER, "own"));
    var _ = shared.export(USERS.child("bob"), named(USER, "shared"));
    var _ = connection.export(USERS.child("bob"), named("com.example.More1", "more"));
    assertEquals("own", name("/com/example/users/ann"));
    assertEquals("shared", name("/com/example/users/bob"));
    assertEquals(
        List.of("com.example.More1", USER),
        introspect("/com/example/users/bob").interfaces().stream()
            .skip(3)
            .map(one -> one.name().value())
            .toList());
    own.close();
    assertEquals("ann", name("/com/example/users/ann"));
  }

  @Test
  @DisplayName("CONN-48 a fallback serves any depth; of several the longest path wins")
  void fallbacks() throws Exception {
    connect();
    Subtree everything = elements -> List.of(named(USER, String.join(",", elements)));
    Subtree here = elements -> List.of(named(USER, "here:" + String.join(",", elements)));
    Export all = connection.export(ObjectPath.ROOT, everything);
    assertThrows(IllegalStateException.class, () -> connection.export(ObjectPath.ROOT, here));
    var _ = connection.export(new ObjectPath("/a/b"), here);
    assertEquals("", name("/"));
    assertEquals("a", name("/a"));
    assertEquals("a,bc", name("/a/bc"));
    assertEquals("here:", name("/a/b"));
    assertEquals("here:c,d", name("/a/b/c/d"));
    all.close();
    assertEquals(ErrorName.UNKNOWN_OBJECT, error("/x"));
    assertEquals("here:c", name("/a/b/c"));
  }

  @Test
  @DisplayName("CONN-48 a path of a million elements takes no longer than its length")
  void hugePath() throws Exception {
    connect();
    Subtree depth = elements -> List.of(named(USER, String.valueOf(elements.size())));
    var _ = connection.export(new ObjectPath("/a"), depth);
    assertEquals("999999", name("/a".repeat(1_000_000)));
  }

  @Test
  @DisplayName("CONN-45 a call that waits while its subtree is taken away is not run")
  void takenAway() throws Exception {
    connect();
    Export export = connection.export(USERS, listed());
    peer.sends(ScriptedPeer.call("/com/example/users/ann", USER, "Name"));
    export.close();
    tasks.remove().run();
    assertEquals(
        ErrorName.UNKNOWN_OBJECT,
        assertInstanceOf(ErrorMessage.class, peer.receives()).errorName());
  }

  @Test
  void aSubtreeThatFailsIsAnErrorOfTheCallAlone() throws Exception {
    connect();
    Subtree broken =
        new Subtree() {
          @Override
          public List<Interface> interfacesAt(List<String> elements) {
            if (elements.isEmpty()) {
              return List.of();
            }
            throw new IllegalStateException("on purpose");
          }

          @Override
          public Collection<String> childrenOf(List<String> elements) {
            return List.of("no/child");
          }
        };
    var _ = connection.export(USERS, broken);
    assertEquals(ErrorName.FAILED, error("/com/example/users/ann"));
    assertInstanceOf(
        ErrorMessage.class, answer("/com/example/users", INTROSPECTABLE, "Introspect"));
    Subtree standard = elements -> List.of(Interface.named("org.freedesktop.DBus.Peer").build());
    var _ = connection.export(new ObjectPath("/standard"), standard);
    assertEquals(ErrorName.FAILED, error("/standard/x"));
    assertInstanceOf(MethodReturn.class, answer("/x", "org.freedesktop.DBus.Peer", "Ping"));
  }

  @Test
  @DisplayName("INTRO-16, INTRO-21 nodes of a subtree have properties that tell of their changes")
  void properties() throws Exception {
    connect();
    Export export = shared.export(USERS, listed());
    peer.sends(
        ScriptedPeer.call("/com/example/users/ann", PROPERTIES, "Set")
            .withBody(
                Body.of(
                    new Value.Str(USER),
                    new Value.Str("Age"),
                    new Value.Variant(new Value.UInt32(30)))));
    tasks.remove().run();
    assertEquals("/com/example/users/ann", signal().path().value());
    assertInstanceOf(MethodReturn.class, peer.receives());
    users.put("bob", 40L);
    export.changedAt(USERS.child("bob"), "Age");
    Signal bob = signal();
    assertEquals("/com/example/users/bob", bob.path().value());
    assertEquals(
        Value.of(Map.of("Age", new Value.Variant(new Value.UInt32(40)))),
        bob.body().values().get(1));
    assertThrows(
        IllegalArgumentException.class, () -> export.changedAt(new ObjectPath("/x"), "Age"));
    assertThrows(IllegalArgumentException.class, () -> export.changedAt(USERS.child("dan"), "Age"));
  }

  private Signal signal() throws Exception {
    return assertInstanceOf(Signal.class, peer.receives());
  }
}
