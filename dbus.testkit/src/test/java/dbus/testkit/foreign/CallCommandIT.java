package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.testkit.foreign.ForeignProgram.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands `dbus call`, `dbus emit` and `dbus monitor`, run from the image that the build has
/// just made.
class CallCommandIT {

  private static final String INTEROP = "/dbus/testkit/Interop";

  @TempDir private Path directory;

  private ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("os.name").equals("Linux")) {
      // A build in the background of a shell ignores SIGINT, and what it starts would do so too.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("dbus.image"), "bin", "dbus").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // Where it looks for cookies.
    builder.environment().put("HOME", directory.toString());
    return builder;
  }

  private Outcome dbus(String... arguments) throws Exception {
    Path err = Files.createTempFile(directory, "dbus", ".err");
    ProcessBuilder builder = command(arguments).redirectError(err.toFile());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(
        builder.command(), process.waitFor(), out.strip(), Files.readString(err).strip());
  }

  private Process gdbus(String address, String mechanism) throws Exception {
    return ForeignProgram.python("gi.repository.Gio", "gdbus_call_server.py", directory)
        .with("G_DBUS_COOKIE_SHA1_KEYRING_DIR", directory.resolve(".dbus-keyrings").toString())
        .start(address, mechanism);
  }

  @Test
  void ourServerIsCalledAndTellsTheTypes() throws Exception {
    try (ServeProcess server = ServeProcess.start("unix:dir=" + directory)) {
      Outcome sum =
          dbus("call", server.address(), INTEROP, "dbus.testkit.Interop1.Sum", "[1, -2, 40]")
              .expectSuccess();
      assertEquals("(int64 39,)", sum.out());
      assertEquals("", sum.err());

      Outcome failed =
          dbus(
              "call",
              server.address(),
              INTEROP,
              "dbus.testkit.Interop1.Fail",
              "com.example.Error.Full",
              "no room");
      assertEquals(1, failed.status());
      assertEquals("", failed.out());
      assertEquals(
          "dbus call: com.example.Error.Full: no room"
              + " (dbus.testkit.Interop1.Fail at /dbus/testkit/Interop)",
          failed.err());
    }
  }

  /// Each transport that a client can connect by, with a mechanism that works over it.
  @ParameterizedTest
  @CsvSource({
    "unix:dir=DIRECTORY, EXTERNAL",
    "tcp:host=127.0.0.1, DBUS_COOKIE_SHA1",
    "nonce-tcp:host=127.0.0.1, ANONYMOUS"
  })
  void aServerOfGDBusIsCalledAndTellsTheTypes(String listening, String mechanism) throws Exception {
    Process server = gdbus(listening.replace("DIRECTORY", directory.toString()), mechanism);
    try (BufferedReader out = server.inputReader()) {
      String address = out.readLine();

      Outcome shown =
          dbus(
                  "call",
                  "--mechanism",
                  mechanism,
                  address,
                  "/calls",
                  "com.example.Calls1.Show",
                  "5",
                  "{'a': <int16 -1>}",
                  "it")
              .expectSuccess();

      assertEquals("(\"(uint32 5, {'a': <int16 -1>}, 'it')\", uint16 7)", shown.out());
    } finally {
      server.destroy();
    }
  }

  @Test
  void anErrorOfGDBusIsStatusOne() throws Exception {
    Process server = gdbus("unix:dir=" + directory, "EXTERNAL");
    try (BufferedReader out = server.inputReader()) {
      Outcome failed = dbus("call", out.readLine(), "/calls", "com.example.Calls1.Fail");

      assertEquals(1, failed.status());
      assertEquals(
          "dbus call: com.example.Error.Full: no room (com.example.Calls1.Fail at /calls)",
          failed.err());
    } finally {
      server.destroy();
    }
  }

  @Test
  void aSignalReachesGDBus() throws Exception {
    Process server = gdbus("unix:dir=" + directory, "EXTERNAL");
    try (BufferedReader out = server.inputReader()) {
      String address = out.readLine();

      dbus("emit", address, "/here", "com.example.Heard1.Said", "'it'", "uint32 5", "@as []")
          .expectSuccess();
      assertEquals("com.example.Heard1.Said at /here: ('it', uint32 5, @as [])", out.readLine());

      dbus("emit", "--signature=ox", address, "/", "com.example.Heard1.Said", "/a", "-5")
          .expectSuccess();
      assertEquals("com.example.Heard1.Said at /: (objectpath '/a', int64 -5)", out.readLine());
    } finally {
      server.destroy();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aMonitorPrintsWhatGDBusSendsUntilItIsToldToStop(String signal) throws Exception {
    Process server = gdbus("unix:dir=" + directory, "EXTERNAL");
    try (BufferedReader out = server.inputReader()) {
      String address = out.readLine();
      Process monitor = command("monitor", address).start();
      try {
        assertConnected(monitor, address);
        dbus("call", address, "/calls", "com.example.Calls1.Tick", "now").expectSuccess();

        String block = nextBlock(monitor.inputReader());
        assertTrue(block.startsWith("Signal, "), block);
        assertTrue(block.contains("Ticked"), block);
        assertTrue(block.contains("  argument: 'now'\n"), block);

        new ProcessBuilder("kill", "-" + signal, Long.toString(monitor.pid())).start().waitFor();
        assertEquals(0, monitor.waitFor());
        assertEquals(List.of(), monitor.errorReader().lines().toList());
      } finally {
        monitor.destroy();
      }
    } finally {
      server.destroy();
    }
  }

  @Test
  void aMonitorOfOurServerEndsWithIt() throws Exception {
    try (ServeProcess server = ServeProcess.start("unix:dir=" + directory)) {
      Process monitor = command("monitor", server.address()).start();
      try {
        assertConnected(monitor, server.address());
        dbus(
                "call",
                server.address(),
                INTEROP,
                "org.freedesktop.DBus.Properties.Set",
                "dbus.testkit.Interop1",
                "Counter",
                "<uint32 5>")
            .expectSuccess();

        String block = nextBlock(monitor.inputReader());
        assertTrue(block.contains("PropertiesChanged"), block);
        assertTrue(block.contains("'Counter': <uint32 5>"), block);

        assertEquals(0, server.stop("TERM"));
        assertEquals(0, monitor.waitFor());
      } finally {
        monitor.destroy();
      }
    }
  }

  /// Waits for the line that says so.
  private static void assertConnected(Process monitor, String address) throws IOException {
    assertEquals(
        "connected by EXTERNAL to " + address.replaceAll(".*guid=", ""),
        monitor.errorReader().readLine());
  }

  private static String nextBlock(BufferedReader out) throws IOException {
    StringBuilder block = new StringBuilder();
    for (String line = out.readLine(); line != null && !line.isEmpty(); line = out.readLine()) {
      block.append(line).append('\n');
    }
    return block.toString();
  }
}
