package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.address.Guid;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Failed;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The handshake with dbus-java on the other side, by each mechanism, both ways.
class DBusJavaAuthIT {
  private static final String CONTEXT = "org_freedesktop_java";

  @TempDir private Path home;

  private ForeignProgram dbusJava;
  private Path socket;
  private OurSide ours;

  @BeforeEach
  void begin() throws Exception {
    dbusJava =
        ForeignProgram.java(
            "DBusJavaAuth.java",
            Path.of(System.getProperty("dbus.java")),
            home,
            "-Duser.home=" + home,
            // Else it complains that nobody logs.
            "-Dslf4j.internal.verbosity=ERROR");
    socket = home.resolve("socket");
    ours = new OurSide(home.resolve(".dbus-keyrings"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-14 a dbus-java client is let in by each mechanism")
  void aClient(String mechanism) throws Exception {
    HandshakeStatus status =
        HandshakeSocket.serve(
            socket,
            ours.server(mechanism, CONTEXT),
            address -> dbusJava.start("client", address, mechanism));

    OurSide.assertKnown(mechanism, status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-15 a dbus-java server lets our client in by each mechanism")
  void aServer(String mechanism) throws Exception {
    Guid guid = Guid.random();
    Process server = dbusJava.start("server", "unix:path=" + socket + ",guid=" + guid, mechanism);
    try (BufferedReader out = server.inputReader()) {
      assertEquals("listening", out.readLine());

      HandshakeStatus status =
          HandshakeSocket.connect(socket, ours.client(mechanism).expectedGuid(guid).build());

      assertEquals(guid, OurSide.assertLetIn(mechanism, status).guid());
      assertEquals("let in", out.readLine());
      if (mechanism.equals("DBUS_COOKIE_SHA1")) {
        assertEquals(List.of(CONTEXT), contexts());
      }
    } finally {
      server.destroy();
    }
  }

  @Test
  @DisplayName("AUTH-61, PEER-15 a dbus-java server that was given no guid says so, and is left")
  void aServerWithoutGuid() throws Exception {
    Process server = dbusJava.start("server", "unix:path=" + socket, "EXTERNAL");
    try (BufferedReader out = server.inputReader()) {
      assertEquals("listening", out.readLine());

      HandshakeStatus status = HandshakeSocket.connect(socket, ours.client("EXTERNAL").build());

      assertEquals(FailureReason.BAD_OK, assertInstanceOf(Failed.class, status).reason());
    } finally {
      server.destroy();
    }
  }

  private List<String> contexts() throws Exception {
    try (Stream<Path> files = Files.list(ours.keyrings())) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }
}
