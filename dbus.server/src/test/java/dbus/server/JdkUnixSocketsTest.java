package dbus.server;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthPolicy;
import dbus.auth.ClientMechanism;
import dbus.auth.Credentials;
import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.connection.transport.UnixSockets;
import dbus.wire.Body;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The unix sockets of the JDK, where junixsocket is not wanted or not there")
class JdkUnixSocketsTest {

  @TempDir private Path directory;

  private DBusServerBuilder greeter(UnixSockets sockets) {
    return DBusServer.at("unix:dir=" + directory)
        .unixSockets(sockets)
        .export(
            "/greeter",
            Interface.named("com.example.Greeter1")
                .method("Greet", in("name", STRING), out("greeting", STRING), n -> "Hello, " + n)
                .build());
  }

  private static DBusConnection connect(DBusServer server, UnixSockets sockets) throws Exception {
    return DBusConnection.to(server.clientAddress().toString()).unixSockets(sockets).connect();
  }

  private static String greet(DBusConnection client, String name) throws Exception {
    return client
        .call("/greeter", "com.example.Greeter1", "Greet", Body.of(STRING, name))
        .read(STRING);
  }

  @ParameterizedTest(name = "FD-21 server {0}, client {1}: calls are answered, no descriptors pass")
  @CsvSource({"JDK,JDK", "JDK,JUNIXSOCKET", "JUNIXSOCKET,JDK"})
  void calls(UnixSockets serving, UnixSockets calling) throws Exception {
    try (DBusServer server = greeter(serving).start();
        DBusConnection client = connect(server, calling)) {
      assertEquals("Hello, you", greet(client, "you"));
      String large = "x".repeat(1 << 20);
      assertEquals("Hello, " + large, greet(client, large));
      assertFalse(client.passesUnixFds());
    }
  }

  @Test
  @DisplayName("SEC-22 the kernel vouches for a peer of the same user")
  void sameUser() throws Exception {
    try (DBusServer server = greeter(UnixSockets.JDK).start();
        DBusConnection client = connect(server, UnixSockets.JDK)) {
      assertEquals("Hello, you", greet(client, "you"));
      DBusConnection peer = server.connections().iterator().next();
      assertEquals("EXTERNAL", peer.mechanism());
      assertEquals(Credentials.ofThisProcess().uid(), peer.credentials().uid());
      assertTrue(peer.identity().orElseThrow().isSameUser(Credentials.ofThisProcess()));
    }
  }

  @Test
  void anotherUserIsRefused() throws Exception {
    try (DBusServer server =
        greeter(UnixSockets.JDK).policy(AuthPolicy.sameUserAs(Credentials.ofUid(4711))).start()) {
      assertThrows(
          ConnectException.class,
          () ->
              DBusConnection.to(server.clientAddress().toString())
                  .unixSockets(UnixSockets.JDK)
                  .mechanisms(ClientMechanism.external())
                  .connect());
    }
  }

  @Test
  void theFileIsItsUsersAloneAndIsRemoved() throws Exception {
    Path socket = directory.resolve("s");
    try (DBusServer server =
        DBusServer.at("unix:path=" + socket).unixSockets(UnixSockets.JDK).start()) {
      assertTrue(server.isActive());
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }
    assertFalse(Files.exists(socket));
  }

  @Test
  void anAbstractNameIsRefusedWithAReason() {
    var e =
        assertThrows(
            ConnectException.class,
            () -> DBusConnection.to("unix:abstract=/none").unixSockets(UnixSockets.JDK).connect());
    assertTrue(e.getMessage().contains("no abstract names"), e.getMessage());
  }

  @Test
  void areChosenByThemselvesWhereJunixsocketCannotLoad() throws Exception {
    String without =
        Arrays.stream(
                System.getProperty("jdk.module.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator))
            .filter(entry -> !entry.contains("junixsocket"))
            .collect(Collectors.joining(File.pathSeparator));
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                without + File.pathSeparator + Path.of("target", "test-classes").toAbsolutePath(),
                WithoutJunixsocket.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    int status = process.waitFor();
    String said = Files.readString(out, StandardCharsets.UTF_8);
    assertEquals(0, status, said);
    assertTrue(said.contains("EXTERNAL without junixsocket"), said);
  }

  /// A program whose class path has no junixsocket in it.
  static final class WithoutJunixsocket {

    private WithoutJunixsocket() {}

    public static void main(String[] args) throws Exception {
      try (DBusServer server = DBusServer.at("unix:dir=" + args[0]).start();
          DBusConnection client = DBusConnection.connect(server.clientAddress().toString())) {
        var _ = client.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
        System.out.println(client.mechanism() + " without junixsocket");
      }
    }
  }
}
