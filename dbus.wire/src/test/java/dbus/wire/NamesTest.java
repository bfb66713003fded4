package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a.b", "_a._b", "org.freedesktop.DBus", "c0m.example.a0"})
  @DisplayName("NAME-02, NAME-03: interface and error names")
  void interfaceNames(String name) {
    assertTrue(InterfaceName.isValid(name));
    assertTrue(ErrorName.isValid(name));
    assertEquals(name, new InterfaceName(name).toString());
    assertEquals(name, new ErrorName(name).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "com",
        ".com.x",
        "com.example.",
        "com..x",
        "com.0x",
        "9foo.bar",
        "com.ex-ample",
        "com.exämple",
        ":1.2",
        "a.b c",
        "a.b/c",
        "a.\u0142",
        "."
      })
  @DisplayName("NAME-02, NAME-03: no interface or error names")
  void noInterfaceNames(String name) {
    assertFalse(InterfaceName.isValid(name));
    assertFalse(ErrorName.isValid(name));
    assertThrows(IllegalArgumentException.class, () -> new InterfaceName(name));
    assertThrows(IllegalArgumentException.class, () -> new ErrorName(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "_x", "Ping0", "_"})
  @DisplayName("NAME-04: member names")
  void memberNames(String name) {
    assertTrue(MemberName.isValid(name));
    assertEquals(name, new MemberName(name).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "a-", "0", "0_", "Badger.Mushroom", "a b", "é"})
  @DisplayName("NAME-04: no member names")
  void noMemberNames(String name) {
    assertFalse(MemberName.isValid(name));
    assertThrows(IllegalArgumentException.class, () -> new MemberName(name));
  }

  @ParameterizedTest
  @CsvSource({
    "a.b, false",
    "-.-, false",
    "org.ex-ample.x0, false",
    "_a._b, false",
    ":1.42, true",
    ":a.b, true",
    ":1.-, true",
    ":_.0, true"
  })
  @DisplayName("NAME-05, NAME-06: bus names, well-known and unique")
  void busNames(String name, boolean unique) {
    assertTrue(BusName.isValid(name));
    assertEquals(unique, BusName.isValidUnique(name));
    assertEquals(unique, new BusName(name).isUnique());
    assertEquals(!unique, new BusName(name).isWellKnown());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "a.", ".a.b", "a.0", "a..b", ":", ":0", ":a", ":.a", ":.1", ":1.", ":1..2",
        "::1.2", "a:b.c"
      })
  @DisplayName("NAME-05, NAME-06, NAME-07: no bus names; also those that libdbus lets pass")
  void noBusNames(String name) {
    assertFalse(BusName.isValid(name));
    assertThrows(IllegalArgumentException.class, () -> new BusName(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Example.Service",
        "_._",
        "com.example.Service2.Old",
        "com.EXAMPLE.service",
        "x.y1z"
      })
  @DisplayName("NAME-14: no reverse domain name, no version at the end: still names")
  void conventionsAreNoRules(String name) {
    assertTrue(InterfaceName.isValid(name));
    assertTrue(ErrorName.isValid(name));
    assertTrue(BusName.isValid(name));
  }

  /// The answers of g_dbus_is_name, _is_unique_name, _is_interface_name, _is_error_name, and
  /// _is_member_name of GLib 2.74. Only `:.1` is another matter, a name for GLib and none for the
  /// specification (NAME-06).
  @ParameterizedTest
  @CsvSource({
    ":, false, false, false, false",
    ":1, false, false, false, false",
    ":a, false, false, false, false",
    ":1., false, false, false, false",
    ":1.2, true, true, false, false",
    ":a.b, true, true, false, false",
    "a, false, false, false, true",
    "_, false, false, false, true",
    "9, false, false, false, false",
    "a-b, false, false, false, false",
    "a.b, true, false, true, false",
    "_a.b, true, false, true, false",
    "A_.b9, true, false, true, false",
    "-a.b, true, false, false, false",
    "a-b.c, true, false, false, false",
    "a.b-c, true, false, false, false",
    "a.1, false, false, false, false",
    "a.0b, false, false, false, false",
    "1a.b, false, false, false, false",
    "a..b, false, false, false, false",
    "org.freedesktop.DBus, true, false, true, false",
  })
  @DisplayName("NAME-13: the predicates answer as those of GDBus do")
  void answersOfGDBus(
      String name, boolean bus, boolean unique, boolean interfaceOrError, boolean member) {
    assertEquals(bus, BusName.isValid(name));
    assertEquals(unique, BusName.isValidUnique(name));
    assertEquals(interfaceOrError, InterfaceName.isValid(name));
    assertEquals(interfaceOrError, ErrorName.isValid(name));
    assertEquals(member, MemberName.isValid(name));
  }

  /// The answers of g_variant_is_object_path and g_variant_is_signature of GLib 2.74. In
  /// dbus.testkit GLib itself is asked, by all its predicates, that of GUIDs included.
  @ParameterizedTest
  @CsvSource({
    "'', false, true",
    "/, true, false",
    "//, false, false",
    "/a, true, false",
    "/a/, false, false",
    "/a/_0, true, false",
    "/a-b, false, false",
    "/é, false, false",
    "a, false, false",
    "s, false, true",
    "a{sv}, false, true",
    "a{vs}, false, false",
    "a{(s)s}, false, false",
    "(i, false, false",
    "r, false, false",
    "mi, false, false",
    "*, false, false",
    "hog, false, true",
  })
  @DisplayName("NAME-13: the predicates answer as those of GVariant do")
  void answersOfGVariant(String text, boolean path, boolean signature) {
    assertEquals(path, ObjectPath.isValid(text));
    assertEquals(signature, Signature.isValid(text));
  }

  @Test
  @DisplayName("NAME-01: 255 bytes pass, 256 are refused")
  void length() {
    for (int length : List.of(255, 256)) {
      boolean fits = length == 255;
      assertEquals(fits, InterfaceName.isValid("a." + "b".repeat(length - 2)));
      assertEquals(fits, ErrorName.isValid("a." + "b".repeat(length - 2)));
      assertEquals(fits, MemberName.isValid("b".repeat(length)));
      assertEquals(fits, BusName.isValid("a." + "b".repeat(length - 2)));
      assertEquals(fits, BusName.isValid(":1." + "b".repeat(length - 3)));
    }
  }

  @Test
  @DisplayName("an error names the text, the rule, and the place, on one bounded line")
  void errors() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new InterfaceName("com..x"));
    assertEquals(
        "\"com..x\": no interface name; two or more elements of A-Z a-z 0-9 _ joined by dots, none"
            + " beginning with a digit, at most 255 bytes (at 4)",
        e.getMessage());
    // SEC-07: hostile names in a message for people.
    IllegalArgumentException hostile =
        assertThrows(
            IllegalArgumentException.class,
            () -> new MemberName("%n{}\n\u001b[31m" + "x".repeat(100_000)));
    assertTrue(String.valueOf(hostile.getMessage()).startsWith("\"%n{}\\u000a\\u001b[31mxxx"));
    assertTrue(String.valueOf(hostile.getMessage()).length() < 300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a", "/_", "/0", "/a/b/c", "/com/example/123"})
  @DisplayName("NAME-08: object paths")
  void objectPaths(String path) {
    assertTrue(ObjectPath.isValid(path));
    assertEquals(path, new ObjectPath(path).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "//", "/a/", "/-", "/com//x", "/$", "a", "/é", "a/b", "/a//"})
  @DisplayName("NAME-08: no object paths")
  void noObjectPaths(String path) {
    assertFalse(ObjectPath.isValid(path));
    assertThrows(IllegalArgumentException.class, () -> new ObjectPath(path));
  }

  @Test
  @DisplayName("NAME-08, NAME-11, SEC-19: a path of 64 MiB is checked, without a deep stack")
  void longPath() {
    byte[] path = new byte[1 << 26];
    Arrays.fill(path, (byte) 'a');
    for (int i = 0; i < path.length; i += 2) {
      path[i] = '/';
    }
    assertEquals(NameGrammar.VALID, NameGrammar.objectPath(path, 0, path.length));
    path[path.length - 1] = '/';
    assertEquals(path.length - 1, NameGrammar.objectPath(path, 0, path.length));
  }

  @Test
  void pathsAreTrees() {
    ObjectPath a = new ObjectPath("/a");
    ObjectPath ab = a.child("b");
    assertEquals(new ObjectPath("/a/b"), ab);
    assertEquals(a, ObjectPath.ROOT.child("a"));
    assertEquals(Optional.of(a), ab.parent());
    assertEquals(Optional.of(ObjectPath.ROOT), a.parent());
    assertEquals(Optional.empty(), ObjectPath.ROOT.parent());
    assertEquals("b", ab.name());
    assertEquals("", ObjectPath.ROOT.name());
    assertTrue(a.isAncestorOf(ab));
    assertTrue(ObjectPath.ROOT.isAncestorOf(a));
    assertFalse(a.isAncestorOf(a));
    assertFalse(ObjectPath.ROOT.isAncestorOf(ObjectPath.ROOT));
    assertFalse(a.isAncestorOf(new ObjectPath("/ab")));
    assertTrue(a.startsWith(a));
    assertTrue(ab.startsWith(ObjectPath.ROOT));
    assertFalse(a.startsWith(ab));
    assertTrue(a.compareTo(ab) < 0);
    assertThrows(IllegalArgumentException.class, () -> a.child("b/c"));
    assertThrows(IllegalArgumentException.class, () -> a.child(""));
    assertThrows(IllegalArgumentException.class, () -> a.child("ä"));
  }

  @ParameterizedTest
  @CsvSource({"foo, foo", "foo_bar, foo_5fbar", "'', _", "/a, _2fa", "é, _c3_a9", "0, 0"})
  @DisplayName("NAME-12: escaped elements, and back")
  void escaping(String text, String element) {
    assertEquals(element, ObjectPath.escapeElement(text));
    assertArrayEquals(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        ObjectPath.unescapeElement(element).orElseThrow());
    assertTrue(ObjectPath.isValid("/" + element));
  }

  @Test
  @DisplayName("NAME-12: every byte but NUL comes back")
  void escapingBytes() {
    for (int b = 1; b < 256; b++) {
      byte[] bytes = {(byte) b};
      assertArrayEquals(
          bytes, ObjectPath.unescapeElement(ObjectPath.escapeElement(bytes)).orElseThrow());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a_", "a_5", "_5", "_0", "_00", "a_00b", "_gg", "_5g", "a/b", "a-b", "é", "__"
      })
  @DisplayName("NAME-12: not escaped elements")
  void noEscapedElements(String element) {
    assertEquals(Optional.empty(), ObjectPath.unescapeElement(element));
  }

  @Test
  @DisplayName(
      "every constant error name is of the family org.freedesktop.DBus.Error, and unlike the others")
  void errorNameConstants() {
    List<ErrorName> names =
        Arrays.stream(ErrorName.class.getFields())
            .filter(field -> Modifier.isStatic(field.getModifiers()))
            .map(NamesTest::constant)
            .toList();
    assertEquals(48, names.size());
    assertEquals(48, names.stream().distinct().count());
    assertTrue(names.stream().allMatch(n -> n.value().startsWith("org.freedesktop.DBus.Error.")));
    assertEquals(
        "org.freedesktop.DBus.Error.Spawn.ExecFailed", ErrorName.SPAWN_EXEC_FAILED.value());
  }

  private static ErrorName constant(java.lang.reflect.Field field) {
    try {
      return (ErrorName) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
