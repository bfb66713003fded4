package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the command `dbus serve` begins and ends.
class ServeIT {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void asignalEndsItWithStatusZeroAndWithoutItsSocket(String signal) throws Exception {
    try (ServeProcess server = ServeProcess.start("unix:dir=" + directory)) {
      assertTrue(Files.exists(server.socket()));
      assertEquals(0, server.stop(signal));
      assertFalse(Files.exists(server.socket()));
      try (var left = Files.list(directory)) {
        assertEquals(0, left.count(), "something is left in the directory");
      }
    }
  }

  @Test
  void stderrHoldsNothingButTheLineToPaste() throws Exception {
    try (ServeProcess server = ServeProcess.start("unix:path=" + directory.resolve("s"))) {
      assertEquals(0, server.stop("TERM"));
      assertEquals(1, server.err().lines().count(), server.err());
    }
  }

  @Test
  void aCaptureHoldsWhatWasSaidWhenTheServerHasEnded() throws Exception {
    Path file = directory.resolve("messages.pcapng");
    try (ServeProcess server =
        ServeProcess.start("--capture=" + file, "unix:path=" + directory.resolve("s"))) {
      ForeignProgram.named("dbus-send")
          .run("--peer=" + server.address(), "--print-reply", "/", "org.freedesktop.DBus.Peer.Ping")
          .expectSuccess();
      assertEquals(0, server.stop("TERM"));
    }
    byte[] bytes = Files.readAllBytes(file);
    // The section header begins; Ping is in the call that follows.
    assertEquals(0x0a0d0d0a, ByteBuffer.wrap(bytes).getInt());
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("org.freedesktop.DBus.Peer"), text);
    assertTrue(text.contains("connection-1"), text);
  }

  @Test
  void aCaptureThatCannotBeWrittenIsStatusOne() throws Exception {
    Outcome outcome =
        serve("--capture=" + directory.resolve("none/file"), "unix:path=" + directory.resolve("s"));
    assertEquals(1, outcome.status(), outcome.err());
    assertTrue(outcome.err().contains("none/file"), outcome.err());
  }

  @Test
  void theFirstLineIsTheClientAddressAlone() throws Exception {
    Path socket = directory.resolve("s");
    try (ServeProcess server = ServeProcess.start("unix:path=" + socket)) {
      String wanted = Pattern.quote("unix:path=" + socket) + ",guid=[0-9a-f]{32}";
      assertTrue(server.address().matches(wanted), server.address());
    }
  }

  @Test
  void severalAddressesAreOneLineEachInTheirOrder() throws Exception {
    Path first = directory.resolve("first");
    Path last = directory.resolve("last");
    try (ServeProcess server =
        ServeProcess.start(
            "unix:path=" + first,
            "foo:;unix:abstract=" + directory,
            "tcp:host=127.0.0.1",
            "nonce-tcp:host=127.0.0.1",
            "unix:path=" + last)) {
      String guid = ",guid=[0-9a-f]{32}";
      String port = "port=[0-9]+,family=ipv4";
      for (String wanted :
          List.of(
              Pattern.quote("unix:abstract=" + directory) + guid,
              "tcp:host=127\\.0\\.0\\.1," + port + guid,
              "nonce-tcp:host=127\\.0\\.0\\.1," + port + ",noncefile=/[^,]+" + guid,
              Pattern.quote("unix:path=" + last) + guid)) {
        String line = server.nextAddress();
        assertTrue(line.matches(wanted), line);
      }
      assertTrue(server.address().startsWith("unix:path=" + first), server.address());
      assertEquals(0, server.stop("TERM"));
    }
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count(), "something is left in the directory");
    }
  }

  @Test
  @DisplayName("ADDR-26, ADDR-28 names too long for libdbus, and abstract ones, are warned of")
  void namesThatWorkButShouldBeKnownAreWarnedOf() throws Exception {
    String name = "x".repeat(100 - directory.toString().length() - 1);
    try (ServeProcess server =
        ServeProcess.start("unix:path=" + directory.resolve(name), "unix:abstract=" + directory)) {
      assertTrue(server.err().contains("100 bytes, clients using libdbus"), server.err());
      assertTrue(server.err().contains("protected by no file mode"), server.err());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix:path", "unix:path=/a,abstract=b", "nonsense", "unix:path=/a,pth=x"})
  void anAddressThatIsNoneIsStatusTwo(String address) throws Exception {
    Outcome outcome = serve(address);
    assertEquals(2, outcome.status(), outcome.err());
    assertTrue(outcome.err().contains(address), outcome.err());
  }

  @Test
  void aDirectoryThatIsNotThereIsStatusOne() throws Exception {
    Outcome outcome = serve("unix:path=" + directory.resolve("none/s"));
    assertEquals(1, outcome.status(), outcome.err());
    assertTrue(outcome.err().contains("none"), outcome.err());
  }

  @Test
  void aFileThatIsNotASocketIsStatusOneAndStays() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    Outcome outcome = serve("unix:path=" + file);
    assertEquals(1, outcome.status(), outcome.err());
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void aLiveServerIsNotDisplaced() throws Exception {
    Path socket = directory.resolve("s");
    try (ServeProcess server = ServeProcess.start("unix:path=" + socket)) {
      assertEquals(1, serve("unix:path=" + socket).status());
      ForeignProgram.named("dbus-send")
          .run("--peer=" + server.address(), "--print-reply", "/", "org.freedesktop.DBus.Peer.Ping")
          .expectSuccess();
    }
  }

  @Test
  void theSocketOfAServerThatWasKilledIsReplaced() throws Exception {
    Path socket = directory.resolve("s");
    try (ServeProcess killed = ServeProcess.start("unix:path=" + socket)) {
      killed.stop("KILL");
      assertTrue(Files.exists(socket));
    }
    try (ServeProcess server = ServeProcess.start("unix:path=" + socket)) {
      assertEquals(socket, server.socket());
    }
  }

  private record Outcome(int status, String err) {}

  private Outcome serve(String... arguments) throws Exception {
    Path err = directory.resolve("err");
    Process process = ServeProcess.launch(err, arguments);
    int status = process.waitFor();
    return new Outcome(status, Files.readString(err));
  }
}
