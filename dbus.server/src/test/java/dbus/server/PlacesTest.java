package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.Environment;
import dbus.address.UnixPath;
import dbus.auth.AuthPolicy;
import dbus.connection.DBusConnection;
import dbus.connection.transport.UnixSockets;
import dbus.wire.Body;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists of addresses, several places, and addresses that need something of their environment.
class PlacesTest {

  @TempDir Path directory;

  private String path(String name) {
    return "unix:path=" + directory.resolve(name);
  }

  private static Path socketOf(Address address) {
    return ((UnixPath) address).path().toPath();
  }

  private static void ping(Address address) throws Exception {
    try (DBusConnection client = DBusConnection.connect(address.toString())) {
      var _ = client.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
    }
  }

  private void assertDirectoryIsEmpty() throws Exception {
    try (var list = Files.list(directory)) {
      assertEquals(List.of(), list.toList());
    }
  }

  static Environment environment(String variable, String value) {
    return new Environment() {
      @Override
      public Optional<String> variable(String name) {
        return name.equals(variable) ? Optional.of(value) : Optional.empty();
      }

      @Override
      public boolean isOwnSocket(Path path) {
        return false;
      }
    };
  }

  // Lists.

  @Test
  @DisplayName(
      "ADDR-42 the first that works is bound, and only that one; why others did not is told")
  void theFirstThatWorks() throws Exception {
    String none = path("none/s");
    try (DBusServer server =
        DBusServer.at("foo:bar=baz;%s;%s;%s".formatted(none, path("a"), path("b"))).start()) {
      assertEquals(directory.resolve("a"), socketOf(server.clientAddress()));
      assertFalse(Files.exists(directory.resolve("b")));
      ping(server.clientAddress());

      assertEquals(
          List.of(AddressError.BAD_ADDRESS, AddressError.FILE_NOT_FOUND),
          server.passedOver().stream().map(ListenFailure::error).toList());
      assertEquals(Address.parse("foo:bar=baz"), server.passedOver().get(0).address());
      assertEquals(Address.parse(none), server.passedOver().get(1).address());
      String told = server.passedOver().get(1).toString();
      assertTrue(told.startsWith(none), told);
      assertTrue(told.endsWith("(org.freedesktop.DBus.Error.FileNotFound)"), told);
    }
  }

  @Test
  @DisplayName("ADDR-42, ADDR-46 where none works the text tells why for each")
  void noneWorks() {
    var e =
        assertThrows(ListenException.class, () -> DBusServer.at("foo:;" + path("none/s")).open());
    assertEquals(2, e.failures().size());
    assertEquals(AddressError.FILE_NOT_FOUND, e.error());
    assertTrue(e.getMessage().contains("transport \"foo\" is unknown"), e::getMessage);
    assertTrue(e.getMessage().contains("none/s"), e::getMessage);
    assertTrue(e.getMessage().contains("org.freedesktop.DBus.Error.BadAddress"), e::getMessage);
    assertEquals(1, e.getSuppressed().length);
  }

  @Test
  @DisplayName("ADDR-42 the whole list is read before the first socket is made")
  void allIsReadFirst() throws Exception {
    assertThrows(AddressException.class, () -> DBusServer.at(path("a") + ";unix:path"));
    assertThrows(
        AddressException.class, () -> DBusServer.at(path("a")).alsoAt("tcp:noncefil=/x").open());
    assertDirectoryIsEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unixexec:path=/bin/true|NOT_SUPPORTED|unixexec",
        "launchd:env=X|NOT_SUPPORTED|launchd",
        "autolaunch:|NOT_SUPPORTED|bus",
        "foo:|BAD_ADDRESS|foo",
        "systemd:|NOT_SUPPORTED|LISTEN_PID",
        "unix:runtime=yes|NOT_SUPPORTED|XDG_RUNTIME_DIR",
        "tcp:host=192.0.2.7|ACCESS_DENIED|192.0.2.7",
      })
  @DisplayName(
      "ADDR-37, ADDR-38, ADDR-39, ADDR-40, ADDR-46 what cannot be listened on here is told, and the"
          + " next is tried")
  void whatCannotBe(String address, AddressError error, String text) throws Exception {
    DBusServerBuilder alone = DBusServer.at(address).environment(environment("NONE", ""));
    var e = assertThrows(ListenException.class, alone::open);
    assertEquals(error, e.error());
    assertTrue(e.getMessage().contains(text), e::getMessage);
    assertTrue(e.getMessage().contains(error.dbusName()), e::getMessage);

    try (DBusServer server =
        DBusServer.at(address + ";" + path("s")).environment(environment("NONE", "")).start()) {
      assertEquals(error, server.passedOver().getFirst().error());
      ping(server.clientAddress());
    }
  }

  @Test
  @DisplayName("ADDR-38 without junixsocket the sockets of systemd are left alone, with a reason")
  void systemdWithoutJunixsocket() {
    Environment systemd =
        new Environment() {
          @Override
          public Optional<String> variable(String name) {
            return switch (name) {
              case "LISTEN_PID" -> Optional.of(Long.toString(ProcessHandle.current().pid()));
              case "LISTEN_FDS" -> Optional.of("1");
              default -> Optional.empty();
            };
          }

          @Override
          public boolean isOwnSocket(Path path) {
            return false;
          }
        };
    DBusServerBuilder builder =
        DBusServer.at("systemd:").environment(systemd).unixSockets(UnixSockets.JDK);
    var e = assertThrows(ListenException.class, builder::open);
    assertEquals(AddressError.NOT_SUPPORTED, e.error());
    assertTrue(e.getMessage().contains("junixsocket"), e::getMessage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "systemd:foo=bar",
        "unix:path=/tmp/x,pth=y",
        "nonce-tcp:noncefile=/tmp/x",
        "tcp:host=localhost,noncefile=/tmp/x"
      })
  @DisplayName("ADDR-13, ADDR-35, ADDR-38 a key that a listener does not take is refused at once")
  void unknownKeys(String address) {
    var e = assertThrows(AddressException.class, () -> DBusServer.at(address).open());
    assertEquals(AddressError.BAD_ADDRESS, e.error());
  }

  @Test
  @DisplayName("ADDR-46 failures to bind have the names that libdbus gives them")
  void namesOfFailures() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    try (DBusServer live = DBusServer.at(path("s")).alsoAt("tcp:host=127.0.0.1").start();
        DBusServer name = DBusServer.at("unix:abstract=" + directory).start()) {
      Address tcp = live.clientAddresses().get(1).withoutGuid();
      assertError(AddressError.ADDRESS_IN_USE, path("s"));
      assertError(AddressError.ADDRESS_IN_USE, tcp.toString());
      assertError(AddressError.ADDRESS_IN_USE, "nonce-" + tcp);
      assertError(AddressError.ADDRESS_IN_USE, "unix:abstract=" + directory);
      assertError(AddressError.ADDRESS_IN_USE, "unix:path=" + file);
      assertError(AddressError.FILE_NOT_FOUND, path("none/s"));
      assertError(AddressError.FILE_NOT_FOUND, "unix:dir=" + directory.resolve("none"));
      assertTrue(name.isActive());
    }
  }

  private static void assertError(AddressError error, String address) {
    var e = assertThrows(ListenException.class, () -> DBusServer.at(address).open());
    assertEquals(error, e.error(), e::getMessage);
  }

  // Several places.

  @Test
  @DisplayName("ADDR-16 each place has a guid of its own, and all serve the same objects")
  void severalPlaces() throws Exception {
    try (DBusServer server =
        DBusServer.at(path("a"))
            .alsoAt("unix:dir=" + directory)
            .alsoAt("unix:abstract=" + directory.resolve("b"))
            .start()) {
      List<Address> addresses = server.clientAddresses();
      assertEquals(3, addresses.stream().map(it -> it.guid().orElseThrow()).distinct().count());
      assertEquals(directory.resolve("a"), socketOf(addresses.get(0)));
      assertTrue(addresses.get(2).toString().startsWith("unix:abstract="), addresses::toString);
      for (Address address : addresses) {
        // The client compares the guid with what it is told.
        ping(address);
      }
    }
    assertDirectoryIsEmpty();
  }

  @Test
  @DisplayName(
      "SERV-01 where one place fails nothing stays bound, and a given channel is given back")
  void nothingStays() throws Exception {
    try (ServerSocketChannel given =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      int free;
      try (ServerSocketChannel probe =
          ServerSocketChannel.open()
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        free = probe.socket().getLocalPort();
      }
      DBusServerBuilder builder =
          DBusServer.at(path("a"))
              .alsoAt("nonce-tcp:host=127.0.0.1,port=" + free)
              .alsoAt(given)
              .alsoAt(path("none/s"))
              .environment(environment("XDG_RUNTIME_DIR", directory.toString()));
      assertThrows(ListenException.class, builder::open);
      assertDirectoryIsEmpty();
      assertThrows(
          SocketException.class, () -> new Socket(InetAddress.getLoopbackAddress(), free).close());
      assertTrue(given.isOpen());
      new Socket(InetAddress.getLoopbackAddress(), given.socket().getLocalPort()).close();
    }
  }

  // Unix sockets.

  @Test
  @DisplayName("ADDR-22 the socket in the runtime directory is found through the environment")
  void runtime() throws Exception {
    try (DBusServer server =
        DBusServer.at("unix:runtime=yes")
            .environment(environment("XDG_RUNTIME_DIR", directory.toString()))
            .start()) {
      assertEquals(directory.resolve("bus"), socketOf(server.clientAddress()));
      ping(server.clientAddress());
    }
    assertDirectoryIsEmpty();
  }

  @Test
  @DisplayName("ADDR-25 a runtime directory that is too long for a socket is refused")
  void longRuntime() {
    String long_ = directory + "/" + "x".repeat(100);
    var e =
        assertThrows(
            ListenException.class,
            () ->
                DBusServer.at("unix:runtime=yes")
                    .environment(environment("XDG_RUNTIME_DIR", long_))
                    .open());
    assertEquals(AddressError.BAD_ADDRESS, e.error());
    assertTrue(e.getMessage().contains("107 bytes"), e::getMessage);
  }

  @Test
  @DisplayName("ADDR-29 a relative path works, and clients are told the absolute one")
  void relativePath() throws Exception {
    Path relative = Path.of("").toAbsolutePath().relativize(directory.toRealPath().resolve("s"));
    try (DBusServer server = DBusServer.at("unix:path=" + relative).start()) {
      Path told = socketOf(server.clientAddress());
      assertTrue(told.isAbsolute(), told::toString);
      assertTrue(Files.isSameFile(told, directory.resolve("s")));
      ping(server.clientAddress());
    }
    assertDirectoryIsEmpty();
  }

  @Test
  @DisplayName("ADDR-27 an abstract name has exactly its length")
  void exactLength() throws Exception {
    String name = "dbus-test-" + directory.getFileName();
    try (DBusServer server = DBusServer.at("unix:abstract=" + name).start()) {
      // The kernel shows a NUL as another @.
      List<String> names =
          Files.readAllLines(Path.of("/proc/self/net/unix")).stream()
              .filter(line -> line.contains("@" + name))
              .map(line -> line.substring(line.indexOf('@')))
              .distinct()
              .toList();
      assertEquals(List.of("@" + name), names);
      ping(server.clientAddress());
      assertEquals("unix:abstract=" + name, server.clientAddress().withoutGuid().toString());
    }
    assertThrows(Exception.class, () -> DBusConnection.connect("unix:abstract=" + name).close());
  }

  @Test
  @DisplayName("ADDR-28 without junixsocket there are no abstract names, and the next is tried")
  void noAbstractNames() throws Exception {
    try (DBusServer server =
        DBusServer.at("unix:abstract=x;" + path("s")).unixSockets(UnixSockets.JDK).open()) {
      assertEquals(AddressError.NOT_SUPPORTED, server.passedOver().getFirst().error());
      assertEquals(directory.resolve("s"), socketOf(server.clientAddress()));
    }
  }

  @Test
  @DisplayName("SEC-33 nothing but an address that says so makes an abstract socket")
  void noAbstractSocketUnasked() throws Exception {
    long before = abstractSockets();
    try (DBusServer server =
        DBusServer.at("unix:tmpdir=" + directory)
            .alsoAt("unix:dir=" + directory)
            .alsoAt(path("s"))
            .open()) {
      assertEquals(3, server.clientAddresses().size());
      assertEquals(before, abstractSockets());
    }
  }

  /// Those that listen.
  private static long abstractSockets() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/net/unix")).stream()
        .filter(line -> line.contains(" 00010000 ") && line.contains("@"))
        .count();
  }

  // Modes.

  private String modeOf(DBusServerBuilder builder) throws Exception {
    try (DBusServer server = builder.open()) {
      return PosixFilePermissions.toString(
          Files.getPosixFilePermissions(socketOf(server.clientAddress())));
    }
  }

  @Test
  @DisplayName("SERV-19 the default mode follows the policy, and a mode or group that is given")
  void modes() throws Exception {
    String gid = String.valueOf(Files.getAttribute(directory, "unix:gid"));
    assertEquals("rw-------", modeOf(DBusServer.at(path("s"))));
    assertEquals("rw-rw-rw-", modeOf(DBusServer.at(path("s")).policy(AuthPolicy.anyUser())));
    assertEquals(
        "rw-rw-rw-",
        modeOf(DBusServer.at(path("s")).policy(AuthPolicy.sameUser().allowAnonymous())));
    assertEquals(
        "rw-rw-rw-", modeOf(DBusServer.at(path("s")).policy(AuthPolicy.sameUser().alsoUid(4711))));
    assertEquals(
        "rw-rw----",
        modeOf(DBusServer.at(path("s")).policy(AuthPolicy.anyUser()).socketGroup(gid)));
    assertEquals(
        "rw--w----",
        modeOf(
            DBusServer.at(path("s"))
                .policy(AuthPolicy.anyUser())
                .socketGroup(gid)
                .socketMode(PosixFilePermissions.fromString("rw--w----"))));
  }

  @Test
  @DisplayName("SERV-19 a group that there is not is named, and no socket is made")
  void unknownGroup() throws Exception {
    var e =
        assertThrows(
            ListenException.class,
            () -> DBusServer.at(path("s")).socketGroup("no-such-group").open());
    assertTrue(e.getMessage().contains("no-such-group"), e::getMessage);
    assertDirectoryIsEmpty();
  }
}
