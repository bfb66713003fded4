package dbus.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the image of the command `dbus` is made of.
class ImageIT {

  /// The generators need jqwik, of which an operator has no use.
  @Test
  void itHasWhatTheCommandNeedsAndNothingForTests() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("dbus.image"), "bin", "java").toString(),
                "--list-modules")
            .redirectErrorStream(true)
            .start();
    List<String> modules;
    try (Stream<String> lines = java.inputReader(StandardCharsets.UTF_8).lines()) {
      modules = lines.map(line -> line.split("@", 2)[0]).toList();
    }
    assertEquals(0, java.waitFor(), modules::toString);
    assertTrue(modules.contains("dbus.testkit"), modules::toString);
    assertEquals(
        List.of(
            "com.kohlschutter.junixsocket.nativecommon", "info.picocli", "org.newsclub.net.unix"),
        modules.stream().filter(name -> !name.matches("(java|jdk|dbus)\\..*")).toList());
  }
}
