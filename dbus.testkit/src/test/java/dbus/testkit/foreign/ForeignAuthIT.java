package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.CookieKeyring;
import dbus.auth.Credentials;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
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
  private static final Credentials SELF = Credentials.ofThisProcess();

  @TempDir private Path home;

  private Path keyrings;
  private Path socket;

  @BeforeEach
  void begin() {
    keyrings = home.resolve(".dbus-keyrings");
    socket = home.resolve("socket");
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

  // Our side.

  private CookieKeyring keyring(String context) {
    return CookieKeyring.at(keyrings).withContext(context);
  }

  private ServerHandshake ourServer(String mechanism, String context) {
    return ServerHandshake.builder(Guid.random())
        .socket(mechanism.equals("EXTERNAL") ? SELF : Credentials.UNKNOWN)
        .mechanisms(
            List.of(
                switch (mechanism) {
                  case "EXTERNAL" -> ServerMechanism.external();
                  case "ANONYMOUS" -> ServerMechanism.anonymous();
                  default -> ServerMechanism.cookieSha1(keyring(context));
                }))
        .policy(
            mechanism.equals("ANONYMOUS")
                ? AuthPolicy.sameUser().allowAnonymous()
                : AuthPolicy.sameUser())
        .unixFds(true)
        .build();
  }

  private ClientHandshake ourClient(String mechanism) {
    return ClientHandshake.builder()
        .mechanisms(
            List.of(
                switch (mechanism) {
                  case "EXTERNAL" -> ClientMechanism.external();
                  case "ANONYMOUS" -> ClientMechanism.anonymous();
                  // The context is told by the server.
                  default -> ClientMechanism.cookieSha1(CookieKeyring.at(keyrings));
                }))
        .unixFds(true)
        .build();
  }

  private static void assertLetIn(String mechanism, HandshakeStatus status) {
    Authenticated done = assertInstanceOf(Authenticated.class, status, status::toString);
    assertEquals(mechanism, done.mechanism());
  }

  private static Optional<Long> user(HandshakeStatus server) {
    return ((Authenticated) server).identity().map(it -> it.uid().orElseThrow());
  }

  // Clients of others.

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-03 a GDBus client is let in by each mechanism")
  void aGDBusClient(String mechanism) throws Exception {
    ForeignProgram client = python("gi.repository.Gio", "gdbus_auth_client.py");

    HandshakeStatus status =
        HandshakeSocket.serve(socket, ourServer(mechanism, LIBDBUS_CONTEXT), client::start);

    assertLetIn(mechanism, status);
    assertEquals(
        mechanism.equals("ANONYMOUS") ? Optional.empty() : Optional.of(SELF.uid().getAsLong()),
        user(status));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-01 a libdbus client is let in by each mechanism")
  void aLibdbusClient(String mechanism) throws Exception {
    ForeignProgram client = python("dbus", "libdbus_auth_client.py");

    HandshakeStatus status =
        HandshakeSocket.serve(socket, ourServer(mechanism, LIBDBUS_CONTEXT), client::start);

    assertLetIn(mechanism, status);
    assertEquals(
        mechanism.equals("ANONYMOUS") ? Optional.empty() : Optional.of(SELF.uid().getAsLong()),
        user(status));
  }

  // Not so with GDBus 2.74: without the cookie it falls silent, and only a time limit ends that.
  @Test
  @DisplayName("AUTH-47 a libdbus client that looks at another keyring is not let in")
  void aLibdbusClientOfAnotherKeyring() throws Exception {
    ForeignProgram client =
        python("dbus", "libdbus_auth_client.py").with("HOME", home.resolve("another").toString());

    HandshakeStatus status =
        HandshakeSocket.serve(
            socket, ourServer("DBUS_COOKIE_SHA1", LIBDBUS_CONTEXT), client::start);

    assertEquals(FailureReason.END_OF_STREAM, assertInstanceOf(Failed.class, status).reason());
  }

  // Servers of others.

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-05 a GDBus server lets our client in by each mechanism")
  void aGDBusServer(String mechanism) throws Exception {
    Process server = gdbusServer(mechanism);
    try (BufferedReader out = server.inputReader()) {
      Guid guid = Guid.parse(out.readLine());

      HandshakeStatus status = HandshakeSocket.connect(socket, ourClient(mechanism));

      assertLetIn(mechanism, status);
      assertEquals(guid, ((Authenticated) status).guid());
      assertEquals("let in", out.readLine());
    } finally {
      server.destroy();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS"})
  @DisplayName("PEER-02 a libdbus server lets our client in by each mechanism")
  void aLibdbusServer(String mechanism) throws Exception {
    Process server = dbusDaemon(mechanism);
    try (BufferedReader out = server.inputReader()) {
      out.readLine();

      assertLetIn(mechanism, HandshakeSocket.connect(socket, ourClient(mechanism)));
    } finally {
      server.destroy();
    }
  }

  @Test
  @DisplayName("AUTH-60 our client goes on from EXTERNAL to DBUS_COOKIE_SHA1 at a libdbus server")
  void goesOnToTheNextMechanism() throws Exception {
    Process server = dbusDaemon("DBUS_COOKIE_SHA1");
    try (BufferedReader out = server.inputReader()) {
      out.readLine();
      ClientHandshake client =
          ClientHandshake.builder()
              .mechanisms(
                  List.of(
                      ClientMechanism.external(),
                      ClientMechanism.cookieSha1(CookieKeyring.at(keyrings))))
              .build();

      assertLetIn("DBUS_COOKIE_SHA1", HandshakeSocket.connect(socket, client));
    } finally {
      server.destroy();
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
      server.destroy();
    }
  }

  // One keyring.

  @Test
  @DisplayName("AUTH-36, AUTH-43 a cookie that libdbus has made is the one that our server uses")
  void aCookieOfLibdbus() throws Exception {
    aLibdbusServer("DBUS_COOKIE_SHA1");
    String made = Files.readString(keyrings.resolve(LIBDBUS_CONTEXT));
    Files.delete(socket);

    aLibdbusClient("DBUS_COOKIE_SHA1");

    assertEquals(made, Files.readString(keyrings.resolve(LIBDBUS_CONTEXT)));
    assertNothingElse(LIBDBUS_CONTEXT);
  }

  @Test
  @DisplayName("AUTH-36, AUTH-43 a cookie that our server has made is the one that libdbus uses")
  void aCookieForLibdbus() throws Exception {
    aLibdbusClient("DBUS_COOKIE_SHA1");
    String made = Files.readString(keyrings.resolve(LIBDBUS_CONTEXT));
    Files.delete(socket);

    aLibdbusServer("DBUS_COOKIE_SHA1");

    assertEquals(made, Files.readString(keyrings.resolve(LIBDBUS_CONTEXT)));
    assertNothingElse(LIBDBUS_CONTEXT);
  }

  @Test
  @DisplayName("AUTH-36, AUTH-43 our server and GDBus use each other's cookies")
  void aCookieOfGDBus() throws Exception {
    aGDBusServer("DBUS_COOKIE_SHA1");
    String made = Files.readString(keyrings.resolve(GDBUS_CONTEXT));
    Files.delete(socket);
    ForeignProgram client = python("gi.repository.Gio", "gdbus_auth_client.py");

    assertLetIn(
        "DBUS_COOKIE_SHA1",
        HandshakeSocket.serve(socket, ourServer("DBUS_COOKIE_SHA1", GDBUS_CONTEXT), client::start));
    assertEquals(made, Files.readString(keyrings.resolve(GDBUS_CONTEXT)));

    Files.delete(socket);
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
