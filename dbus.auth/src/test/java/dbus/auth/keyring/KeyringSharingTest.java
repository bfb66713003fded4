package dbus.auth.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several who need a cookie at the same moment make one, and all of them use it. Were a cookie
/// lost, two of them would name different ones.
@DisplayName("AUTH-42, AUTH-44 a keyring that is shared")
class KeyringSharingTest {
  @TempDir private Path home;

  @Test
  void byThreads() throws Exception {
    Path directory = home.resolve("keyrings");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> users = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        users.add(() -> KeyringUser.use(directory));
      }
      Set<String> found = new HashSet<>();
      for (Future<String> user : threads.invokeAll(users)) {
        found.add(user.get());
      }
      assertOneCookieEach(found, directory);
    }
  }

  @Test
  void byProcesses() throws Exception {
    Path directory = home.resolve("keyrings");
    List<Process> users = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      users.add(start(directory));
    }
    for (Process user : users) {
      assertEquals("ready", user.inputReader().readLine());
    }
    Set<String> found = new HashSet<>();
    for (Process user : users) {
      user.getOutputStream().write('\n');
      user.getOutputStream().flush();
    }
    for (Process user : users) {
      StringBuilder text = new StringBuilder();
      user.inputReader().lines().forEach(line -> text.append(line).append('\n'));
      assertEquals(0, user.waitFor());
      found.add(text.toString());
    }
    assertOneCookieEach(found, directory);
  }

  private static void assertOneCookieEach(Set<String> found, Path directory) throws IOException {
    assertEquals(1, found.size(), "all have found the same cookies");
    assertEquals(KeyringUser.CONTEXTS, found.iterator().next().lines().count());
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(KeyringUser.CONTEXTS, files.count(), "no lock and no temporary file is left");
    }
    for (int i = 0; i < KeyringUser.CONTEXTS; i++) {
      assertEquals(
          1, Files.readAllLines(directory.resolve("c" + i), StandardCharsets.US_ASCII).size());
    }
  }

  /// A JVM with the classes of this module and of these tests.
  private static Process start(Path directory) throws IOException {
    Path classes = location("dbus.auth");
    String path =
        String.join(
            System.getProperty("path.separator"),
            classes.toString(),
            classes.resolveSibling("test-classes").toString(),
            location("dbus.address").toString());
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            path,
            KeyringUser.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static Path location(String module) {
    return Path.of(
        ModuleLayer.boot()
            .configuration()
            .findModule(module)
            .orElseThrow()
            .reference()
            .location()
            .orElseThrow());
  }
}
