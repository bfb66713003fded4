package dbus.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// In a process that the kernel lets have few file descriptors, which is another one than this.
class ScarceDescriptorsTest {

  private static final int LIMIT = 128;

  /// Root may have more on the way than others, unless it cannot become what makes it so.
  private static List<String> limited(List<String> command) {
    List<String> all = new ArrayList<>(List.of("prlimit", "--nofile=" + LIMIT));
    if (Credentials.ofThisProcess().uid().orElseThrow() == 0) {
      all.addAll(List.of("setpriv", "--bounding-set=-sys_resource,-sys_admin"));
    }
    all.addAll(command.subList(0, 1));
    all.add("--enable-native-access=ALL-UNNAMED");
    all.addAll(command.subList(1, command.size()));
    return all;
  }

  private static List<String> run(String what) throws Exception {
    List<String> command = limited(StdioServer.command(ScarceDescriptors.class));
    command.add(what);
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException notThere) {
      // Not where all that the tests need is installed.
      Assumptions.assumeTrue("true".equals(System.getenv("CI")), notThere.toString());
      throw notThere;
    }
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return lines;
  }

  @Test
  @DisplayName(
      "FD-17, SEC-09 where too many descriptors are on the way, a message fails alone, and later"
          + " ones travel again")
  void tooManyOnTheWay() throws Exception {
    List<String> lines = run("sending");
    assertTrue(lines.getFirst().contains("Too many references"), lines::toString);
    assertEquals(
        List.of("all others came", "goes on", "16 descriptors again", "open"),
        lines.subList(1, lines.size()));
  }

  @Test
  @DisplayName(
      "FD-07, SEC-12 where more descriptors come than the process can have, that connection ends"
          + " alone, and tells why")
  void moreThanTheProcessCanHave() throws Exception {
    assertEquals(
        List.of(
            "with room: ErrorMessage",
            "without: BROKEN: reading failed: more file descriptors came than this process can take",
            "another: ErrorMessage",
            "with room again: ErrorMessage",
            "open"),
        run("receiving"));
  }
}
