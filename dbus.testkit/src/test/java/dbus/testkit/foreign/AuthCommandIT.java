package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.testkit.foreign.ForeignProgram.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
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

  @Test
  void nobodyThereIsStatusOne() throws Exception {
    Outcome outcome = auth("unix:path=" + directory.resolve("none"));

    assertEquals(1, outcome.status());
    assertTrue(outcome.err().startsWith("dbus auth: unix:path="), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "tcp:host=localhost,port=1", "unix:path"})
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
