package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnixAddressTest {
  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  @Test
  @DisplayName("ADDR-20 each of the five keys has its type")
  void fiveForms() {
    assertEquals(UnixPath.of("/a"), Address.parse("unix:path=/a"));
    assertEquals(UnixPath.of(Path.of("/a")), Address.parse("unix:path=/a"));
    assertEquals(UnixAbstract.of("/a"), Address.parse("unix:abstract=/a"));
    assertEquals(UnixDir.of("/a"), Address.parse("unix:dir=/a"));
    assertEquals(UnixDir.of(Path.of("/a")), Address.parse("unix:dir=/a"));
    assertEquals(UnixTmpdir.of("/a"), Address.parse("unix:tmpdir=/a"));
    assertEquals(UnixTmpdir.of(Path.of("/a")), Address.parse("unix:tmpdir=/a"));
    assertEquals(UnixRuntime.of(), Address.parse("unix:runtime=yes"));
  }

  @ParameterizedTest
  @DisplayName("ADDR-20 none of the five keys is an error that names them")
  @CsvSource({"unix:,5", "'unix:guid=0123456789abcdef0123456789abcdef',42"})
  void noneOfTheFive(String text, int position) {
    AddressException wrong = assertThrows(AddressException.class, () -> Address.parse(text));

    assertEquals("none of the keys path, abstract, dir, tmpdir, runtime is given", wrong.problem());
    assertEquals(position, wrong.position());
  }

  @Test
  @DisplayName("ADDR-20 a misspelled key is named, where none of the five is given")
  void unknownKey() {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("unix:file=/a"));

    assertEquals("key \"file\" is unknown", wrong.problem());
    assertEquals("give exactly one of path, abstract, dir, tmpdir, runtime", wrong.remedy());
    assertEquals(5, wrong.position());
  }

  @Test
  @DisplayName("ADDR-20 two of the five keys are an error that names both")
  void twoOfTheFive() {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("unix:path=/a,abstract=b"));

    assertEquals(
        "unix:path=/a,abstract=b: keys \"path\" and \"abstract\" exclude each other (at 13);"
            + " give exactly one of path, abstract, dir, tmpdir, runtime",
        wrong.getMessage());
    List<String> keys = List.of("path=/a", "abstract=/a", "dir=/a", "tmpdir=/a", "runtime=yes");
    for (String one : keys) {
      for (String other : keys) {
        assertThrows(AddressException.class, () -> Address.parse("unix:" + one + "," + other));
      }
    }
  }

  @ParameterizedTest
  @DisplayName("ADDR-21 path and abstract are for both sides, the others for servers only")
  @CsvSource({
    "unix:path=/a, true",
    "unix:abstract=a, true",
    "unix:dir=/a, false",
    "unix:tmpdir=/a, false",
    "unix:runtime=yes, false"
  })
  void listenableAndConnectable(String text, boolean connectable) {
    Address address = Address.parse(text);

    assertTrue(address.isListenable());
    assertEquals(connectable, address.isConnectable());
  }

  @ParameterizedTest
  @DisplayName("ADDR-21, ADDR-46 connecting to what is for servers only is a BadAddress")
  @ValueSource(strings = {"dir", "tmpdir", "runtime"})
  void connectingToAServersForm(String key) {
    Address address = Address.parse("unix:" + key + "=yes");
    AddressException wrong = assertThrows(AddressException.class, address::checkConnectable);

    assertEquals("a client cannot connect to a \"" + key + "\"", wrong.problem());
    assertEquals("unix:" + key + "=yes", wrong.text());
    assertEquals(5, wrong.position());
    assertEquals("org.freedesktop.DBus.Error.BadAddress", wrong.error().dbusName());
  }

  @ParameterizedTest
  @DisplayName("ADDR-22 runtime has the only value yes")
  @ValueSource(strings = {"no", "true", "YES", "/run", "%ff"})
  void runtimeIsYes(String value) {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("unix:runtime=" + value));

    assertEquals("write runtime=yes", wrong.remedy());
  }

  @Test
  @DisplayName("ADDR-22 runtime is the socket \"bus\" in the runtime directory")
  void runtimeSocket() {
    UnixRuntime runtime = UnixRuntime.of().withGuid(GUID);

    assertEquals(
        UnixPath.of("/run/user/7/bus").withGuid(GUID),
        runtime.socket(new FakeEnvironment().set("XDG_RUNTIME_DIR", "/run/user/7")));
    assertEquals(
        UnixPath.of("/run/user/7/bus").withGuid(GUID),
        runtime.socket(new FakeEnvironment().set("XDG_RUNTIME_DIR", "/run/user/7/")));
  }

  @Test
  @DisplayName("ADDR-22, ADDR-46 without a runtime directory the entry is NotSupported")
  void noRuntimeDirectory() {
    for (FakeEnvironment environment :
        List.of(
            new FakeEnvironment(), new FakeEnvironment().set("XDG_RUNTIME_DIR", "relative/dir"))) {
      AddressException wrong =
          assertThrows(AddressException.class, () -> UnixRuntime.of().socket(environment));

      assertEquals(AddressError.NOT_SUPPORTED, wrong.error());
      assertTrue(wrong.getMessage().contains("XDG_RUNTIME_DIR"), wrong.getMessage());
    }
  }

  @Test
  @DisplayName("ADDR-23, ADDR-24, SERV-22 a socket in a directory has a new random name each time")
  void randomName() {
    Set<UnixPath> drawn = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      UnixPath inDir = UnixDir.of("/tmp").drawSocket();
      UnixPath inTmpdir = UnixTmpdir.of("/tmp/").drawSocket();
      assertTrue(inDir.path().toString().matches("/tmp/dbus-[A-Za-z0-9]{10}"), inDir.toString());
      assertTrue(
          inTmpdir.path().toString().matches("/tmp/dbus-[A-Za-z0-9]{10}"), inTmpdir.toString());
      drawn.add(inDir);
      drawn.add(inTmpdir);
    }

    assertEquals(100, drawn.size());
  }

  @Test
  @DisplayName("ADDR-24 the abstract socket of an older server's tmpdir is connectable")
  void abstractSocketOfATmpdir() {
    Address address = Address.parse("unix:abstract=/tmp/dbus-U8OSdmf7,guid=" + GUID);

    assertInstanceOf(UnixAbstract.class, address);
    assertTrue(address.isConnectable());
  }

  @ParameterizedTest
  @DisplayName("ADDR-25 a path or abstract name of more than 107 bytes is refused")
  @ValueSource(strings = {"path", "abstract"})
  void longestName(String key) {
    Address longest = Address.parse("unix:" + key + "=/" + "x".repeat(106));
    Address tooLong = Address.parse("unix:" + key + "=/" + "x".repeat(107));

    assertTrue(longest.isListenable());
    assertTrue(longest.isConnectable());
    for (AddressException wrong :
        List.of(
            assertThrows(AddressException.class, tooLong::checkListenable),
            assertThrows(AddressException.class, tooLong::checkConnectable))) {
      assertEquals("the socket name of key \"" + key + "\" has 108 bytes", wrong.problem());
      assertEquals("the limit is 107 bytes", wrong.remedy());
      assertEquals(5, wrong.position());
    }
  }

  @Test
  @DisplayName("ADDR-25 the length counts bytes, not characters")
  void lengthInBytes() {
    assertTrue(UnixPath.of("/" + "ö".repeat(53)).isConnectable());
    assertFalse(UnixPath.of("/" + "ö".repeat(53) + "x").isConnectable());
  }

  @Test
  @DisplayName("ADDR-25 a directory leaves room for the random name")
  void longestDirectory() {
    UnixDir longest = UnixDir.of("/" + "x".repeat(90));

    assertTrue(longest.isListenable());
    assertTrue(longest.drawSocket().isListenable());
    assertEquals(107, longest.drawSocket().path().length());
    assertFalse(UnixDir.of("/" + "x".repeat(91)).isListenable());
    assertFalse(UnixTmpdir.of("/" + "x".repeat(91)).isListenable());
  }

  @Test
  @DisplayName("ADDR-26 a name too long for clients using libdbus gives a warning")
  void warnsOfLongNames() {
    assertEquals(List.of(), UnixPath.of("/" + "x".repeat(98)).warnings());
    AddressWarning path = UnixPath.of("/" + "x".repeat(99)).warnings().getFirst();
    assertEquals(AddressWarning.Kind.TOO_LONG_FOR_LIBDBUS, path.kind());
    assertEquals(
        "unix:path=/"
            + "x".repeat(99)
            + ": the socket name has 100 bytes, clients using libdbus can connect to 99 at most",
        path.message());
    assertEquals(1, UnixAbstract.of("x".repeat(98)).warnings().size());
    assertEquals(
        AddressWarning.Kind.TOO_LONG_FOR_LIBDBUS,
        UnixAbstract.of("x".repeat(99)).warnings().getLast().kind());
    assertEquals(List.of(), UnixDir.of("/" + "x".repeat(82)).warnings());
    assertEquals(1, UnixDir.of("/" + "x".repeat(83)).warnings().size());
    assertEquals(1, UnixTmpdir.of("/" + "x".repeat(83)).warnings().size());
  }

  @Test
  @DisplayName("ADDR-26 the names that are made for /tmp are short enough for everyone")
  void namesMadeAreShort() {
    assertEquals(List.of(), UnixTmpdir.of("/tmp").drawSocket().warnings());
  }

  @Test
  @DisplayName("ADDR-27 the same name with padding is another one, and NULs cannot be written")
  void exactName() {
    assertEquals(3, UnixAbstract.of("abc").name().length());
    assertNotEquals(UnixAbstract.of("abc"), UnixAbstract.of("abc "));
    assertThrows(IllegalArgumentException.class, () -> UnixAbstract.of("abc\0"));
  }

  @Test
  @DisplayName(
      "ADDR-28, SEC-33 an abstract socket is listened on only if asked for, with a warning")
  void abstractOnlyIfAskedFor() {
    assertTrue(UnixAbstract.of("a").isListenable());
    assertEquals(
        AddressWarning.Kind.ABSTRACT_SOCKET, UnixAbstract.of("a").warnings().getFirst().kind());
    assertInstanceOf(UnixPath.class, (Address) UnixTmpdir.of("/tmp").drawSocket());
  }

  @ParameterizedTest
  @DisplayName("ADDR-29 a path is used as it is given")
  @ValueSource(strings = {"%7e/socket", "%24HOME/socket", "a/../b//c"})
  void noExpansion(String path) {
    assertEquals("unix:path=" + path, Address.parse("unix:path=" + path).toString());
  }

  @Test
  @DisplayName("ADDR-29, ADDR-43 the address for clients has the absolute path")
  void clientAddressOfARelativePath() {
    UnixPath client = UnixPath.of("socket").clientAddress(GUID);

    assertEquals(Path.of("socket").toAbsolutePath(), client.path().toPath());
    assertTrue(client.isConnectable());
  }

  @Test
  @DisplayName("ADDR-43 a relative path that is too long for clients cannot be listened on")
  void relativePathTooLongForClients() {
    UnixPath relative = UnixPath.of("x".repeat(107));

    assertTrue(relative.isConnectable());
    assertFalse(relative.isListenable());
  }

  @Test
  @DisplayName("ADDR-43, ADDR-44 the address for clients: escaped, with guid, and without")
  void clientAddress() {
    assertEquals(
        "unix:path=/tmp/a%20b,guid=" + GUID,
        UnixPath.of("/tmp/a b").clientAddress(GUID).toString());
    assertEquals(
        "unix:abstract=a%3ab,guid=" + GUID, UnixAbstract.of("a:b").clientAddress(GUID).toString());
    assertEquals(
        "unix:path=/tmp/a%20b",
        UnixPath.of("/tmp/a b").clientAddress(GUID).withoutGuid().toString());
  }

  @Test
  @DisplayName("ADDR-16 the address for clients has the guid of the listener, whatever was there")
  void clientAddressTakesTheGuid() {
    assertEquals(
        GUID, UnixPath.of("/a").withGuid(new Guid(1, 2)).clientAddress(GUID).guid().orElseThrow());
  }
}
