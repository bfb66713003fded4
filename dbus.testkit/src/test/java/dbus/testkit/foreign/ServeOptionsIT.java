package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the options of `dbus serve` do: who gets in, what it may cost, and what is told of it.
class ServeOptionsIT {

  private static final String GUID = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  private String address() {
    return "unix:path=" + directory.resolve("s");
  }

  /// What the server answers to a line, the first one.
  private static String answer(ServeProcess server, String line) throws Exception {
    try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
      peer.write(StandardCharsets.US_ASCII.encode("\0" + line + "\r\n"));
      StringBuilder answer = new StringBuilder();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (answer.indexOf("\r\n") < 0 && peer.read(one.clear()) > 0) {
        answer.append((char) one.get(0));
      }
      return answer.toString().strip();
    }
  }

  @Test
  void theGuidIsTheOneThatWasAskedFor() throws Exception {
    try (ServeProcess server =
        ServeProcess.start("--guid=" + GUID, "--allow-anonymous", address())) {
      assertTrue(server.address().endsWith(",guid=" + GUID), server.address());
      assertEquals("OK " + GUID, answer(server, "AUTH ANONYMOUS"));
    }
  }

  @Test
  @DisplayName("AUTH-64 where cookies are the only way, and have no place, that is said")
  void cookiesWithoutAPlace() throws Exception {
    Path nowhere = directory.resolve("missing");
    try (ServeProcess server = ServeProcess.startAtHome(nowhere, "tcp:host=localhost")) {
      assertTrue(
          server.err().contains("DBUS_COOKIE_SHA1 is not offered: " + nowhere), server.err());
    }
    try (ServeProcess server = ServeProcess.startAtHome(nowhere, address())) {
      assertFalse(server.err().contains("COOKIE"), server.err());
    }
    try (ServeProcess server = ServeProcess.startAtHome(directory, "tcp:host=localhost")) {
      assertFalse(server.err().contains("COOKIE"), server.err());
    }
  }

  @Test
  void onlyTheMechanismsThatAreNamedAreOffered() throws Exception {
    try (ServeProcess server =
        ServeProcess.start(
            "--mechanism=DBUS_COOKIE_SHA1",
            "--mechanism=EXTERNAL",
            "--require-same-user",
            address())) {
      assertEquals("REJECTED DBUS_COOKIE_SHA1 EXTERNAL", answer(server, "AUTH"));
      assertEquals("REJECTED DBUS_COOKIE_SHA1 EXTERNAL", answer(server, "AUTH ANONYMOUS"));
    }
  }

  @Test
  void anyUserDoesNotMeanAnonymous() throws Exception {
    try (ServeProcess server = ServeProcess.start("--any-user", address())) {
      assertEquals("REJECTED EXTERNAL DBUS_COOKIE_SHA1", answer(server, "AUTH ANONYMOUS"));
    }
  }

  @Test
  void verboseTellsOfEachPeerInALineOfItsOwn() throws Exception {
    try (ServeProcess server =
        ServeProcess.start("--verbose", "--max-connections-per-user=1", address())) {
      ForeignProgram.named("dbus-send")
          .run("--peer=" + server.address(), "--print-reply", "/", "org.freedesktop.DBus.Peer.Ping")
          .expectSuccess();
      assertEquals("", answer(server, "BEGIN"));
      assertEquals(0, server.stop("TERM"));
      List<String> lines = server.err().lines().filter(line -> line.startsWith("peer ")).toList();
      assertTrue(lines.get(0).matches("peer 1 \\(uid .*\\) accepted at unix:.*"), lines::toString);
      assertTrue(
          lines.get(1).matches("peer 1 .* authenticated by EXTERNAL as uid .*"), lines::toString);
      assertTrue(
          lines.stream().anyMatch(line -> line.matches("peer 1 .* closed: .*")), lines::toString);
      assertTrue(
          lines.stream().anyMatch(line -> line.matches("peer 2 .* not authenticated: BEGIN_.*")),
          lines::toString);
      assertEquals(5, lines.size(), lines::toString);
    }
  }

  @Test
  @DisplayName("SERV-15 of a peer that comes over tcp, verbose tells where it comes from")
  void verboseTellsTheRemoteAddress() throws Exception {
    try (ServeProcess server = ServeProcess.start("--verbose", "tcp:host=127.0.0.1")) {
      int port = Integer.parseInt(server.address().replaceFirst(".*port=([0-9]+).*", "$1"));
      int local;
      try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
        local = peer.getLocalPort();
        peer.getOutputStream().write("\0BEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(-1, peer.getInputStream().read());
      }
      assertEquals(0, server.stop("TERM"));
      List<String> lines = server.err().lines().filter(line -> line.startsWith("peer ")).toList();
      String peer = "peer 1 (127.0.0.1:" + local + ") ";
      assertEquals(peer + "accepted at " + server.address(), lines.getFirst());
      assertTrue(lines.getLast().startsWith(peer + "not authenticated: "), lines::toString);
    }
  }

  @Test
  void theFileOfTheSocketHasTheModeThatWasAskedFor() throws Exception {
    try (ServeProcess server = ServeProcess.start("--mode=0640", address())) {
      assertEquals(
          "rw-r-----",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--mechanism=KERBEROS_V4",
        "--mechanism=ANONYMOUS",
        "--guid=0123",
        "--max-message=5",
        "--max-handshakes=0",
        "--max-connections=0",
        "--max-connections-per-user=0",
        "--max-bytes-per-user=1",
        "--max-fds-per-user=0",
        "--max-calls=0",
        "--max-outgoing=1",
        "--max-fds=254",
        "--handshake-time=0",
        "--any-user=x",
        "--mode=0999",
        "--mode=rw",
        "--handshake-grace=-1",
        "--message-time=0",
        "--outgoing-time=0",
        "--max-handlers-per-user=0",
        "--max-undelivered=1",
        "--max-fds-held=0"
      })
  void aWrongValueIsStatusTwoAndNothingIsBound(String option) throws Exception {
    Path err = directory.resolve("err");
    Process process = ServeProcess.launch(err, option, address());
    assertEquals(2, process.waitFor(), Files.readString(err));
    assertTrue(Files.notExists(directory.resolve("s")));
  }

  @Test
  void oneOfTheTwoPolicies() throws Exception {
    Path err = directory.resolve("err");
    Process process = ServeProcess.launch(err, "--any-user", "--require-same-user", address());
    assertEquals(2, process.waitFor(), Files.readString(err));
  }

  @Test
  void aMessageAboveTheLimitEndsTheConnection() throws Exception {
    try (ServeProcess server = ServeProcess.start("--verbose", "--max-message=2000", address())) {
      var _ =
          ForeignProgram.named("dbus-send")
              .run(
                  "--peer=" + server.address(),
                  "--print-reply",
                  "/",
                  "org.freedesktop.DBus.Peer.Ping",
                  "string:" + "x".repeat(3000));
      server.await("the end is told", () -> told(server, "closed: INVALID_MESSAGE"));
      server.await("it is logged", () -> told(server, "was ended: INVALID_MESSAGE"));
      assertEquals(0, server.stop("TERM"));
    }
  }

  private static boolean told(ServeProcess server, String what) {
    try {
      return server.err().contains(what);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
