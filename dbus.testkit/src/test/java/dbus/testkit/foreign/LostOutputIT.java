package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A command whose output is lost has failed, and says so.
@EnabledOnOs(OS.LINUX)
class LostOutputIT {

  @TempDir private Path directory;

  private Process run(Path out, Path err, List<String> arguments) throws Exception {
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("dbus.image"), "bin", "dbus").toString()),
                        arguments.stream())
                    .toList())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), () -> arguments + " goes on");
    return process;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "help",
        "call --help",
        "address unix:path=/a",
        "auth ADDRESS",
        "call ADDRESS /a org.freedesktop.DBus.Peer.Ping",
        "decode PING",
        "serve ADDRESS-2",
      })
  void onAFullDisk(String arguments) throws Exception {
    Path ping = directory.resolve("ping");
    Files.writeString(
        ping,
        "6c01000100000000010000001d00000001016f00010000002f00000000000000"
            + "030173000400000050696e6700000000");
    Path err = directory.resolve("err");
    try (ServeProcess server = ServeProcess.start("unix:dir=" + directory)) {
      List<String> words =
          Stream.of(arguments.split(" "))
              .map(word -> word.replace("ADDRESS-2", "unix:dir=" + directory))
              .map(word -> word.replace("ADDRESS", server.address()))
              .map(word -> word.replace("PING", ping.toString()))
              .toList();

      Process process = run(Path.of("/dev/full"), err, words);

      assertEquals(1, process.exitValue(), Files.readString(err));
      String last = Files.readAllLines(err).getLast();
      assertTrue(last.matches("dbus.*: the output cannot be written: .+"), last);
    }
  }

  @Test
  void aCommandWhoseOutputIsWrittenHasNotFailed() throws Exception {
    Path err = directory.resolve("err");
    Path out = directory.resolve("out");

    assertEquals(0, run(out, err, List.of("--version")).exitValue());

    assertTrue(Files.readString(out).startsWith("dbus "));
    assertEquals("", Files.readString(err));
  }

  @Test
  void aCaptureThatIsLostDoesNotEndTheServerAndIsToldAtItsEnd() throws Exception {
    try (ServeProcess server = ServeProcess.start("--capture=/dev/full", "unix:dir=" + directory)) {
      for (int i = 0; i < 2; i++) {
        List<String> ping =
            List.of("call", server.address(), "/a", "org.freedesktop.DBus.Peer.Ping");
        assertEquals(0, run(directory.resolve("out"), directory.resolve("err"), ping).exitValue());
      }

      assertEquals(1, server.stop("TERM"));

      String last = server.err().lines().toList().getLast();
      assertEquals("dbus serve: cannot write the capture: No space left on device", last);
    }
  }
}
