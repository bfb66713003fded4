package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.testkit.foreign.ForeignProgram.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients written by others call `dbus serve` (PEER-01, PEER-03, PEER-07, PEER-23).
class ForeignClientsIT {

  private static final String OBJECT = "/dbus/testkit/Interop";
  private static final String INTERFACE = "dbus.testkit.Interop1";

  private static ServeProcess server;

  @TempDir static Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = ServeProcess.start("--hello");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Outcome dbusSend(String... call) throws Exception {
    String[] arguments = new String[call.length + 2];
    arguments[0] = "--peer=" + server.address();
    arguments[1] = "--print-reply";
    System.arraycopy(call, 0, arguments, 2, call.length);
    return ForeignProgram.named("dbus-send").run(arguments);
  }

  @Test
  void dbusSendPingsTheRoot() throws Exception {
    Outcome outcome = dbusSend("/", "org.freedesktop.DBus.Peer.Ping").expectSuccess();
    assertTrue(outcome.out().startsWith("method return"), outcome::out);
  }

  @Test
  void dbusSendGetsASum() throws Exception {
    Outcome outcome = dbusSend(OBJECT, INTERFACE + ".Sum", "array:int32:1,2,3").expectSuccess();
    assertTrue(outcome.out().endsWith("int64 6"), outcome::out);
  }

  @Test
  void dbusSendGetsAnErrorByItsName() throws Exception {
    Outcome outcome = dbusSend("/nowhere", INTERFACE + ".Sum", "array:int32:1").expectFailure();
    assertTrue(
        outcome.err().startsWith("Error org.freedesktop.DBus.Error.UnknownObject:"), outcome::err);
  }

  @Test
  void theLineOnStderrCanBePasted() throws Exception {
    ForeignProgram.named("dbus-send");
    String line = server.err().strip();
    Process shell = new ProcessBuilder("sh", "-c", line).start();
    String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor());
    assertTrue(out.startsWith("method return"), out);
  }

  @Test
  @DisplayName("CONN-02, INTRO-32 gdbus call, which begins with Hello, echoes a variant")
  void gdbusCalls() throws Exception {
    Outcome outcome =
        ForeignProgram.named("gdbus")
            .run(
                "call",
                "--address",
                server.address(),
                "--dest",
                ":1.0",
                "--object-path",
                OBJECT,
                "--method",
                INTERFACE + ".Echo",
                "<'hello'>")
            .expectSuccess();
    assertEquals("(<'hello'>,)", outcome.out());
  }

  @Test
  void gdbusIntrospectsFromTheRootDown() throws Exception {
    Outcome outcome =
        ForeignProgram.named("gdbus")
            .run(
                "introspect",
                "--address",
                server.address(),
                "--dest",
                ":1.0",
                "--object-path",
                "/",
                "--recurse")
            .expectSuccess();
    for (String part :
        new String[] {
          "node /dbus/testkit/Interop", "interface " + INTERFACE, "EchoMany", "node /bench"
        }) {
      assertTrue(outcome.out().contains(part), () -> part + " in\n" + outcome.out());
    }
  }

  @Test
  void busctlCalls() throws Exception {
    Outcome outcome =
        ForeignProgram.named("busctl")
            .run(
                "--address=" + server.address(),
                "call",
                ":1.0",
                OBJECT,
                INTERFACE,
                "Sum",
                "ai",
                "3",
                "1",
                "2",
                "3")
            .expectSuccess();
    assertEquals("x 6", outcome.out());
  }

  @Test
  void busctlIntrospects() throws Exception {
    Outcome outcome =
        ForeignProgram.named("busctl")
            .run("--address=" + server.address(), "introspect", ":1.0", OBJECT)
            .expectSuccess();
    assertTrue(outcome.out().contains(".EchoMany"), outcome::out);
  }

  @Test
  void libdbusFromPythonAgreesOnEveryMethod() throws Exception {
    Outcome outcome =
        ForeignProgram.python("dbus", "libdbus_client.py", directory).run(server.address());
    assertEquals("all answered rightly", outcome.expectSuccess().out());
  }

  @Test
  void gdbusFromPythonAgreesOnEveryMethod() throws Exception {
    Outcome outcome =
        ForeignProgram.python("gi.repository.Gio", "gdbus_client.py", directory)
            .run(server.address());
    assertEquals("all answered rightly", outcome.expectSuccess().out());
  }

  @Test
  void sdBusFromCAgreesOnEveryMethod() throws Exception {
    Outcome outcome =
        ForeignProgram.compiled("sdbus_client.c", "libsystemd", directory).run(server.address());
    assertEquals("all answered rightly", outcome.expectSuccess().out());
  }

  @Test
  void aThousandCallsOnAHundredConnectionsAreAllAnswered() throws Exception {
    Outcome outcome =
        ForeignProgram.python("gi.repository.Gio", "many_calls.py", directory)
            .run(server.address());
    assertEquals("1000 answered", outcome.expectSuccess().out());
  }
}
