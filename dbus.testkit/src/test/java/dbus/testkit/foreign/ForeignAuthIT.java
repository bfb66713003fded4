package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.CookieKeyring;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The handshake with libdbus and GDBus on the other side, by each mechanism, both ways, over
/// keyrings that both sides share (PEER-01 to PEER-05, AUTH-36, AUTH-42).
class ForeignAuthIT {
  private static final String LIBDBUS_CONTEXT = "org_freedesktop_general";
  private static final String GDBUS_CONTEXT = "org_gtk_gdbus_general";

  @TempDir private Path home;

  private Path keyrings;
  private Path socket;
  private OurSide ours;

  @BeforeEach
  void begin() {
    keyrings = home.resolve(".dbus-keyrings");
    socket = home.resolve("socket");
    ours = new OurSide(keyrings);
  }

  // Foreign programs.

  private ForeignProgram python(String module, String script) throws Exception {
    return atHome(ForeignProgram.python(module, script, home));
  }

  private ForeignProgram atHome(ForeignProgram program) {
    return program
        .with("HOME", home.toString())
        .with("G_DBUS_COOKIE_SHA1_KEYRING_DIR", keyrings.toString());
  }

  /// A message bus, which authenticates by libdbus.
  private Process dbusDaemon(String mechanism) throws Exception {
    Path configuration = home.resolve("bus.conf");
    Files.writeString(
        configuration,
        """
        <busconfig>
          <listen>unix:path=%s</listen>
          <auth>%s</auth>
          <allow_anonymous/>
          <policy context="default"><allow user="*"/></policy>
        </busconfig>
        """
            .formatted(socket, mechanism));
    return atHome(ForeignProgram.named("dbus-daemon"))
        .start("--nofork", "--print-address", "--config-file=" + configuration);
  }

  private Process gdbusServer(String mechanism) throws Exception {
    return python("gi.repository.Gio", "gdbus_auth_server.py")
        .start("unix:path=" + socket, mechanism);
  }

  /// Waits for it as well: a server that is told to go may yet remove its socket, and must not find
  /// the next one's there.
  private static void end(Process server) throws InterruptedException {
    server.destroy();
    server.waitFor();
  }

  // Clients of others.

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-03 a GDBus client is let in by each mechanism")
  void aGDBusClient(String mechanism) throws Exception {
    ForeignProgram client = python("gi.repository.Gio", "gdbus_auth_client.py");

    HandshakeStatus status =
        HandshakeSocket.serve(socket, ours.server(mechanism, LIBDBUS_CONTEXT), client::start);

    OurSide.assertKnown(mechanism, status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-01 a libdbus client is let in by each mechanism")
  void aLibdbusClient(String mechanism) throws Exception {
    ForeignProgram client = python("dbus", "libdbus_auth_client.py");

    HandshakeStatus status =
        HandshakeSocket.serve(socket, ours.server(mechanism, LIBDBUS_CONTEXT), client::start);

    OurSide.assertKnown(mechanism, status);
  }

  // Not so with GDBus 2.74: without the cookie it falls silent, and only a time limit ends that.
  @Test
  @DisplayName("AUTH-47 a libdbus client that looks at another keyring is not let in")
  void aLibdbusClientOfAnotherKeyring() throws Exception {
    ForeignProgram client =
        python("dbus", "libdbus_auth_client.py").with("HOME", home.resolve("another").toString());

    HandshakeStatus status =
        HandshakeSocket.serve(
            socket, ours.server("DBUS_COOKIE_SHA1", LIBDBUS_CONTEXT), client::start);

    assertEquals(FailureReason.END_OF_STREAM, assertInstanceOf(Failed.class, status).reason());
  }

  // Servers of others.

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-05 a GDBus server lets our client in by each mechanism")
  void aGDBusServer(String mechanism) throws Exception {
    Process server = gdbusServer(mechanism);
    try (BufferedReader out = server.inputReader()) {
      Guid guid = Address.parse(out.readLine()).guid().orElseThrow();

      HandshakeStatus status =
          HandshakeSocket.connect(socket, ours.client(mechanism).expectedGuid(guid).build());

      Authenticated done = OurSide.assertLetIn(mechanism, status);
      assertEquals(guid, done.guid());
      assertTrue(done.unixFds());
      assertEquals("let in", out.readLine());
    } finally {
      end(server);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-02 a libdbus server lets our client in by each mechanism")
  void aLibdbusServer(String mechanism) throws Exception {
    Process server = dbusDaemon(mechanism);
    try (BufferedReader out = server.inputReader()) {
      Guid guid = Address.parse(out.readLine()).guid().orElseThrow();

      HandshakeStatus status =
          HandshakeSocket.connect(socket, ours.client(mechanism).expectedGuid(guid).build());

      assertTrue(OurSide.assertLetIn(mechanism, status).unixFds());
    } finally {
      end(server);
    }
  }

  @ParameterizedTest(name = "pipelined: {0}")
  @ValueSource(booleans = {false, true})
  @DisplayName(
      "AUTH-60, AUTH-62 our client goes on from EXTERNAL to DBUS_COOKIE_SHA1 at a libdbus server")
  void goesOnToTheNextMechanism(boolean pipelined) throws Exception {
    Process server = dbusDaemon("DBUS_COOKIE_SHA1");
    try (BufferedReader out = server.inputReader()) {
      out.readLine();
      ClientHandshake client =
          ours.client("EXTERNAL", "DBUS_COOKIE_SHA1").pipelined(pipelined).build();

      OurSide.assertLetIn("DBUS_COOKIE_SHA1", HandshakeSocket.connect(socket, client));
    } finally {
      end(server);
    }
  }

  @Test
  @DisplayName("AUTH-48 our client without the server's keyring is refused by a libdbus server")
  void ourClientOfAnotherKeyring() throws Exception {
    Process server = dbusDaemon("DBUS_COOKIE_SHA1");
    try (BufferedReader out = server.inputReader()) {
      out.readLine();
      Path another = home.resolve("another");
      Files.createDirectory(
          another,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      ClientHandshake client =
          ClientHandshake.builder()
              .mechanisms(List.of(ClientMechanism.cookieSha1(CookieKeyring.at(another))))
              .build();

      Failed failed = assertInstanceOf(Failed.class, HandshakeSocket.connect(socket, client));

      assertEquals(FailureReason.NO_MECHANISM, failed.reason());
    } finally {
      end(server);
    }
  }

  // One round trip, and whose server it is.

  @Test
  @DisplayName("AUTH-62 a libdbus server and a GDBus server take a pipelined handshake")
  void pipelined() throws Exception {
    for (Starting starting : List.<Starting>of(this::dbusDaemon, this::gdbusServer)) {
      Process server = starting.start("EXTERNAL");
      try (BufferedReader out = server.inputReader()) {
        out.readLine();

        HandshakeStatus status =
            HandshakeSocket.connect(socket, ours.client("EXTERNAL").pipelined(true).build());

        assertTrue(OurSide.assertLetIn("EXTERNAL", status).unixFds());
      } finally {
        end(server);
      }
      Files.deleteIfExists(socket);
    }
  }

  private interface Starting {
    Process start(String mechanism) throws Exception;
  }

  @Test
  @DisplayName("PEER-05 a GDBus server hangs up at a pipelined handshake that it has to reject")
  void pipelinedAndRejected() throws Exception {
    Process server = gdbusServer("DBUS_COOKIE_SHA1");
    try (BufferedReader out = server.inputReader()) {
      out.readLine();

      HandshakeStatus atOnce =
          HandshakeSocket.connect(
              socket, ours.client("EXTERNAL", "DBUS_COOKIE_SHA1").pipelined(true).build());
      HandshakeStatus stepByStep =
          HandshakeSocket.connect(socket, ours.client("EXTERNAL", "DBUS_COOKIE_SHA1").build());

      assertEquals(FailureReason.END_OF_STREAM, assertInstanceOf(Failed.class, atOnce).reason());
      OurSide.assertLetIn("DBUS_COOKIE_SHA1", stepByStep);
    } finally {
      end(server);
    }
  }

  @Test
  @DisplayName("AUTH-61 our client does not talk to a libdbus server with another guid")
  void anotherGuid() throws Exception {
    Process server = dbusDaemon("EXTERNAL");
    try (BufferedReader out = server.inputReader()) {
      out.readLine();

      HandshakeStatus status =
          HandshakeSocket.connect(
              socket, ours.client("EXTERNAL").expectedGuid(Guid.random()).build());

      assertEquals(FailureReason.WRONG_GUID, assertInstanceOf(Failed.class, status).reason());
    } finally {
      end(server);
    }
  }

  // One keyring.

  @Test
  @DisplayName("AUTH-36, AUTH-43 a cookie that libdbus has made is the one that our server uses")
  void aCookieOfLibdbus() throws Exception {
    aLibdbusServer("DBUS_COOKIE_SHA1");
    String made = Files.readString(keyrings.resolve(LIBDBUS_CONTEXT));
    Files.deleteIfExists(socket);

    aLibdbusClient("DBUS_COOKIE_SHA1");

    assertEquals(made, Files.readString(keyrings.resolve(LIBDBUS_CONTEXT)));
    assertNothingElse(LIBDBUS_CONTEXT);
  }

  @Test
  @DisplayName("AUTH-36, AUTH-43 a cookie that our server has made is the one that libdbus uses")
  void aCookieForLibdbus() throws Exception {
    aLibdbusClient("DBUS_COOKIE_SHA1");
    String made = Files.readString(keyrings.resolve(LIBDBUS_CONTEXT));
    Files.deleteIfExists(socket);

    aLibdbusServer("DBUS_COOKIE_SHA1");

    assertEquals(made, Files.readString(keyrings.resolve(LIBDBUS_CONTEXT)));
    assertNothingElse(LIBDBUS_CONTEXT);
  }

  @Test
  @DisplayName("AUTH-36, AUTH-43 our server and GDBus use each other's cookies")
  void aCookieOfGDBus() throws Exception {
    aGDBusServer("DBUS_COOKIE_SHA1");
    String made = Files.readString(keyrings.resolve(GDBUS_CONTEXT));
    Files.deleteIfExists(socket);
    ForeignProgram client = python("gi.repository.Gio", "gdbus_auth_client.py");

    OurSide.assertLetIn(
        "DBUS_COOKIE_SHA1",
        HandshakeSocket.serve(
            socket, ours.server("DBUS_COOKIE_SHA1", GDBUS_CONTEXT), client::start));
    assertEquals(made, Files.readString(keyrings.resolve(GDBUS_CONTEXT)));

    Files.deleteIfExists(socket);
    aGDBusServer("DBUS_COOKIE_SHA1");
    assertEquals(made, Files.readString(keyrings.resolve(GDBUS_CONTEXT)));
    assertNothingElse(GDBUS_CONTEXT);
  }

  private void assertNothingElse(String context) throws Exception {
    try (Stream<Path> files = Files.list(keyrings)) {
      assertEquals(List.of(context), files.map(path -> path.getFileName().toString()).toList());
    }
    assertEquals(1, Files.readAllLines(keyrings.resolve(context)).size());
  }
}
