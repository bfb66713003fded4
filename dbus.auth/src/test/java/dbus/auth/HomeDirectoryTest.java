package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUTH-64: a home directory that cannot be used")
class HomeDirectoryTest {
  private static CookieKeyring keyring(Map<String, String> environment, String userHome) {
    return CookieKeyring.in(
        new HomeDirectory(environment::get, Map.of("user.home", userHome)::get));
  }

  private static CookieKeyring keyring(String home) {
    return keyring(Map.of("HOME", home), "/");
  }

  /// What both sides with EXTERNAL and this keyring do.
  private static void assertSwitchedOff(CookieKeyring keyring, String why) {
    assertTrue(keyring.problem().orElse("none").contains(why), keyring.problem()::toString);
    ServerHandshake server =
        Peers.greeted(
            ServerHandshake.builder(Peers.GUID)
                .socket(Credentials.ofThisProcess())
                .mechanisms(
                    List.of(ServerMechanism.external(), ServerMechanism.cookieSha1(keyring))));
    assertEquals("REJECTED EXTERNAL", Talk.sayLine(server, "AUTH"));

    ClientHandshake client =
        ClientHandshake.builder()
            .mechanisms(List.of(ClientMechanism.cookieSha1(keyring), ClientMechanism.external()))
            .build();
    assertTrue(Talk.text(client.takeOutput()).startsWith("\0AUTH EXTERNAL "));
    Talk.sayLine(client, "REJECTED EXTERNAL DBUS_COOKIE_SHA1");
    assertTrue(client.status().toString().contains(why), client.status()::toString);
  }

  @Test
  @DisplayName("that is missing switches DBUS_COOKIE_SHA1 off, and nothing else")
  void missing(@TempDir Path directory) {
    assertSwitchedOff(keyring(directory.resolve("nobody").toString()), "does not exist");
    assertSwitchedOff(keyring(Map.of(), directory.resolve("nobody").toString()), "does not exist");
  }

  @Test
  @DisplayName("that is no directory switches it off")
  void noDirectory(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertSwitchedOff(keyring(file.toString()), "does not exist");
    assertSwitchedOff(keyring(file.resolve("below").toString()), "does not exist");
  }

  @Test
  @DisplayName("that is relative switches it off")
  void relative() {
    assertSwitchedOff(keyring("somewhere"), "HOME is relative");
    assertSwitchedOff(keyring(Map.of(), "?"), "user.home is relative");
  }

  @Test
  @DisplayName("that nobody names switches it off")
  void unnamed() {
    assertSwitchedOff(keyring(Map.of(), ""), "neither HOME nor user.home");
    assertSwitchedOff(keyring(Map.of("HOME", ""), ""), "neither HOME nor user.home");
  }

  @Test
  @DisplayName("that is no path at all switches it off")
  void noPath() {
    assertSwitchedOff(keyring("/a\0b"), "HOME cannot be spelled");
    assertThrows(IllegalStateException.class, () -> keyring("/a\0b").directory());
  }

  @Test
  @DisplayName("AUTH-39 one that can be used is the one of HOME, or else what the JDK knows")
  void usable(@TempDir Path directory) {
    Path expected = directory.resolve(".dbus-keyrings");
    assertEquals(expected, keyring(directory.toString()).directory());
    assertEquals(expected, keyring(Map.of(), directory.toString()).directory());
    assertEquals(expected, keyring(Map.of("HOME", ""), directory.toString()).directory());
    assertEquals(Optional.empty(), keyring(directory.toString()).problem());
  }

  /// What a process says of itself whose environment is another.
  static final class Probe {
    private Probe() {}

    @SuppressWarnings("SystemOut") // It is for the test that has started the process.
    public static void main(String[] arguments) {
      System.out.print(Talk.text(ClientHandshake.builder().build().takeOutput()).substring(1));
      System.out.print(Talk.say(Peers.greeted(Peers.serverWithDefaults()), "AUTH\r\n"));
      System.out.println(CookieKeyring.ofThisUser().problem().orElse("none"));
    }
  }

  @Test
  @DisplayName("that the locale of the process cannot spell switches it off")
  void unspeakable(@TempDir Path directory) throws Exception {
    Process process =
        ProcessOfTests.command(
                "HOME=" + directory + "/$(printf 'h\\303\\266m\\303\\251') LC_ALL=C", Probe.class)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertEquals(0, process.waitFor());
    String own = Talk.hex(Long.toString(Credentials.ofThisProcess().uid().orElseThrow()));
    assertEquals(
        List.of(
            "AUTH EXTERNAL " + own,
            "REJECTED EXTERNAL",
            "HOME cannot be spelled in the locale of this process"),
        lines);
  }
}
