package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.RandomName;
import dbus.testkit.foreign.ForeignProgram.Outcome;
import java.io.BufferedReader;
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

/// What the command `dbus auth` shows.
class AuthCommandIT {

  @TempDir private Path directory;

  private Outcome auth(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("dbus.image"), "bin", "dbus").toString());
    command.add("auth");
    command.addAll(List.of(arguments));
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    // Where it looks for cookies.
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(command, process.waitFor(), out.strip(), Files.readString(err).strip());
  }

  @Test
  void aTraceHasEachLineWithItsStateAndNoUid() throws Exception {
    try (ServeProcess server = ServeProcess.start("unix:dir=" + directory)) {
      String guid = server.address().replaceAll(".*guid=", "");

      Outcome outcome = auth("--trace", server.address()).expectSuccess();

      // Whether it passes descriptors is the server's own affair.
      String expected =
          """
          > WaitingForOK           AUTH EXTERNAL \\([0-9]+ bytes\\)
          < WaitingForOK           OK GUID
          > WaitingForAgreeUnixFD  NEGOTIATE_UNIX_FD
          < WaitingForAgreeUnixFD  (AGREE_UNIX_FD|ERROR)
          > WaitingForAgreeUnixFD  BEGIN
          authenticated by EXTERNAL at GUID, with(out)? descriptors\
          """
              .replace("GUID", guid);
      assertTrue(outcome.out().matches(expected), outcome::out);
    }
  }

  @Test
  void aRefusalIsStatusOne() throws Exception {
    try (ServeProcess server = ServeProcess.start("unix:dir=" + directory)) {
      Outcome outcome = auth("--mechanism", "ANONYMOUS", server.address());

      assertEquals(1, outcome.status());
      assertEquals("", outcome.out());
      assertEquals(
          "dbus auth: NO_MECHANISM: no mechanism is left; ANONYMOUS: rejected;"
              + " the server offers: EXTERNAL DBUS_COOKIE_SHA1",
          outcome.err());
    }
  }

  /// Each transport that a client can connect by, with a mechanism that works over it.
  @ParameterizedTest
  @CsvSource({
    "unix:abstract, EXTERNAL, with",
    "tcp, DBUS_COOKIE_SHA1, without",
    "nonce-tcp, ANONYMOUS, without"
  })
  void aTraceIsShownOverEachTransport(String transport, String mechanism, String descriptors)
      throws Exception {
    String listening =
        transport.equals("unix:abstract")
            ? "unix:abstract=dbus-auth-" + RandomName.of(10)
            : transport + ":host=127.0.0.1";
    Process server =
        ForeignProgram.python("gi.repository.Gio", "gdbus_auth_server.py", directory)
            .with("G_DBUS_COOKIE_SHA1_KEYRING_DIR", directory.resolve(".dbus-keyrings").toString())
            .start(listening, mechanism);
    try (BufferedReader out = server.inputReader()) {
      String address = out.readLine();
      assertTrue(address.startsWith(transport), address);

      Outcome outcome =
          auth("--trace", "--mechanism", mechanism, "unixexec:path=/nobody;" + address)
              .expectSuccess();

      assertTrue(outcome.err().contains("unixexec:path=/nobody"), outcome::err);
      List<String> lines = outcome.out().lines().toList();
      assertTrue(lines.getFirst().contains("AUTH " + mechanism + " ("), outcome::out);
      assertTrue(lines.get(lines.size() - 2).endsWith("BEGIN"), outcome::out);
      assertEquals(
          "authenticated by %s at %s, %s descriptors"
              .formatted(mechanism, address.replaceAll(".*guid=", ""), descriptors),
          lines.getLast());
      assertEquals("let in", out.readLine());
    } finally {
      server.destroy();
    }
  }

  @Test
  void pipelinedTheQuestionAboutDescriptorsGoesOutAtOnce() throws Exception {
    try (ServeProcess server = ServeProcess.start("unix:dir=" + directory)) {
      Outcome outcome = auth("--trace", "--pipelined", server.address()).expectSuccess();

      assertTrue(
          outcome.out().lines().toList().get(1).matches("> WaitingForOK +NEGOTIATE_UNIX_FD"),
          outcome::out);
    }
  }

  @Test
  void nobodyThereIsStatusOne() throws Exception {
    Outcome outcome = auth("unix:path=" + directory.resolve("none"));

    assertEquals(1, outcome.status());
    assertTrue(outcome.err().startsWith("dbus auth: unix:path="), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "launchd:env=X", "unix:path"})
  void anAddressThatIsNoneIsStatusTwo(String address) throws Exception {
    Outcome outcome = auth(address);

    assertEquals(2, outcome.status(), outcome.err());
    assertTrue(outcome.err().contains(address), outcome.err());
  }

  @Test
  void aMechanismThatIsNoneIsStatusTwo() throws Exception {
    Outcome outcome = auth("--mechanism", "KERBEROS_V4", "unix:path=/a");

    assertEquals(2, outcome.status());
    assertTrue(outcome.err().contains("KERBEROS_V4: must be EXTERNAL"), outcome.err());
  }
}
