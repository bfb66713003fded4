package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which signals a match wants.
class SignalMatchTest {

  private static Signal signal(String path, Value... arguments) {
    return Signal.of(
            new ObjectPath(path), new InterfaceName("com.example.A1"), new MemberName("Changed"))
        .withBody(Body.of(arguments));
  }

  private static Value text(String text) {
    return new Value.Str(text);
  }

  @Test
  @DisplayName("CONN-28 all that is said must hold; what is not said does not matter")
  void together() {
    SignalMatch match =
        SignalMatch.all().path("/a").interfaceName("com.example.A1").member("Changed");
    assertTrue(SignalMatch.all().matches(signal("/x")));
    assertTrue(match.matches(signal("/a", text("x"))));
    assertEquals(false, match.matches(signal("/b")));
    assertEquals(false, match.member("Other").matches(signal("/a")));
    assertEquals(false, match.interfaceName("com.example.B1").matches(signal("/a")));
  }

  @ParameterizedTest
  @CsvSource({"/a,true", "/a/b,true", "/ab,false", "/,false"})
  void aNamespaceOfPathsHoldsTheObjectAndWhatIsBelow(String path, boolean wanted) {
    assertEquals(wanted, SignalMatch.all().pathNamespace("/a").matches(signal(path)));
  }

  @Test
  void theRootIsANamespaceOfAllPaths() {
    assertTrue(SignalMatch.all().pathNamespace("/").matches(signal("/a/b")));
    assertTrue(SignalMatch.all().pathNamespace("/").matches(signal("/")));
  }

  @Test
  void anArgumentIsAStringAndEqual() {
    SignalMatch match = SignalMatch.all().argument(1, "x");
    assertTrue(match.matches(signal("/", text(""), text("x"))));
    assertEquals(false, match.matches(signal("/", text("x"), text(""))));
    assertEquals(false, match.matches(signal("/", text("x"))));
    assertEquals(
        false,
        SignalMatch.all()
            .argument(0, "/x")
            .matches(signal("/", new Value.Path(new ObjectPath("/x")))));
  }

  @Test
  void severalArgumentsMustAllHold() {
    SignalMatch match = SignalMatch.all().argument(0, "a").argument(1, "b");
    assertTrue(match.matches(signal("/", text("a"), text("b"))));
    assertEquals(false, match.matches(signal("/", text("a"), text("c"))));
  }

  @ParameterizedTest
  @DisplayName("CONN-29 a namespace of names ends at a dot")
  @CsvSource({"a.b,true", "a.b.c,true", "a.bc,false", "a,false"})
  void namespaceOfNames(String name, boolean wanted) {
    assertEquals(
        wanted, SignalMatch.all().argument0Namespace("a.b").matches(signal("/", text(name))));
  }

  @ParameterizedTest
  @DisplayName("NAME-09 a namespace of names may be one element, though a name may not")
  @CsvSource({"com,true", "com.example,true", "com.example.Service,true", "common.b,false"})
  void namespaceOfOneElement(String name, boolean wanted) {
    assertEquals(
        wanted, SignalMatch.all().argument0Namespace("com").matches(signal("/", text(name))));
  }

  @ParameterizedTest
  @DisplayName("CONN-29 paths as arguments match where one holds the other")
  @CsvSource({
    "/,true",
    "/aa/,true",
    "/aa/bb/,true",
    "/aa/bb/cc/,true",
    "/aa/bb/cc,true",
    "/aa,false",
    "/aa/b,false",
    "/aa/bb,false"
  })
  void pathsAsArguments(String path, boolean wanted) {
    assertEquals(
        wanted, SignalMatch.all().argumentPath(0, "/aa/bb/").matches(signal("/", text(path))));
  }

  @Test
  void thereAreSixtyFourArgumentsToAskAbout() {
    assertThrows(IllegalArgumentException.class, () -> SignalMatch.all().argument(64, "x"));
    assertThrows(IllegalArgumentException.class, () -> SignalMatch.all().argument(-1, "x"));
  }
}
