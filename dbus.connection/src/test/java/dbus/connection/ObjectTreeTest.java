package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.ObjectPath;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Which objects there are, and what they look like.
class ObjectTreeTest {

  private static final Interface ONE = Interface.named("com.example.One").build();
  private static final Interface TWO = Interface.named("com.example.Two").build();

  private final ObjectTree shared = new ObjectTree();
  private final ObjectTree tree = new ObjectTree(shared);

  private static ObjectPath path(String path) {
    return new ObjectPath(path);
  }

  private List<String> interfacesAt(String path) {
    return tree.at(path(path)).stream().map(one -> one.subject().name().value()).toList();
  }

  @Test
  @DisplayName("CONN-45 an interface stands at a path once")
  void twice() {
    var _ = tree.export(path("/a"), ONE);
    assertThrows(IllegalStateException.class, () -> tree.export(path("/a"), ONE));
    assertThrows(
        IllegalStateException.class,
        () -> tree.export(path("/a"), Interface.named("com.example.One").build()));
  }

  @Test
  void interfacesAreTakenAwayOneByOne() {
    Export one = tree.export(path("/a"), ONE);
    Export two = tree.export(path("/a"), TWO);
    one.close();
    one.close();
    assertEquals(List.of("com.example.Two"), interfacesAt("/a"));
    two.close();
    assertFalse(tree.exists(path("/a")));
  }

  @Test
  void closingAnOldExportLeavesANewOneOfTheSameNameAlone() {
    Export old = tree.export(path("/a"), ONE);
    old.close();
    Export anew = tree.export(path("/a"), Interface.named("com.example.One").build());
    old.close();
    assertEquals(List.of("com.example.One"), interfacesAt("/a"));
    anew.close();
    var _ = tree.export(path("/a"), ONE);
    old.close();
    assertEquals(List.of("com.example.One"), interfacesAt("/a"));
  }

  @Test
  void standardInterfacesCannotBeExported() {
    Interface peer = Interface.named("org.freedesktop.DBus.Peer").build();
    assertThrows(IllegalArgumentException.class, () -> tree.export(path("/a"), peer));
  }

  @Test
  void whatIsSharedStandsBehindWhatIsOwn() {
    Interface mine = Interface.named("com.example.One").build();
    var _ = shared.export(path("/a"), ONE, TWO);
    var _ = tree.export(path("/a"), mine);
    assertEquals(List.of("com.example.One", "com.example.Two"), interfacesAt("/a"));
    assertEquals(mine, tree.find(path("/a"), mine.name()).orElseThrow().subject());
  }

  @Test
  @DisplayName("INTRO-07, INTRO-08 ancestors exist, and list each child once, in order")
  void children() {
    var _ = tree.export(path("/b"), ONE);
    var _ = tree.export(path("/b0"), ONE);
    var _ = tree.export(path("/b/c/d"), ONE);
    var _ = tree.export(path("/b/c"), ONE);
    var _ = tree.export(path("/b/c/e"), ONE);
    var _ = shared.export(path("/a/x"), ONE);
    var _ = shared.export(path("/b/z"), ONE);
    assertEquals(List.of("a", "b", "b0"), tree.describe(ObjectPath.ROOT).childNames());
    assertEquals(List.of("c", "z"), tree.describe(path("/b")).childNames());
    assertEquals(List.of("d", "e"), tree.describe(path("/b/c")).childNames());
    assertTrue(tree.exists(path("/a")));
    assertFalse(tree.exists(path("/a/x/y")));
  }

  @Test
  @DisplayName(
      "INTRO-06 an object lists the standard interfaces, an ancestor those that it answers")
  void describes() {
    var _ = tree.export(path("/a/b"), ONE);
    assertEquals(
        List.of(
            "org.freedesktop.DBus.Properties",
            "org.freedesktop.DBus.Introspectable",
            "org.freedesktop.DBus.Peer",
            "com.example.One"),
        names("/a/b"));
    assertEquals(
        List.of("org.freedesktop.DBus.Introspectable", "org.freedesktop.DBus.Peer"), names("/a"));
  }

  private List<String> names(String path) {
    return tree.describe(path(path)).interfaces().stream().map(i -> i.name().value()).toList();
  }
}
