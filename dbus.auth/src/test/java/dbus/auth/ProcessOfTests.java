package dbus.auth;

import java.nio.file.Path;

/// A JVM with the classes of this module and of these tests, without those of JUnit, by way of a
/// shell.
final class ProcessOfTests {
  private ProcessOfTests() {}

  /// Not started yet.
  ///
  /// @param before what stands before the command, such as variables of its environment, as `env`
  ///   and the shell reads it
  static ProcessBuilder command(String before, Class<?> main) {
    Path classes = location("dbus.auth");
    String path =
        String.join(
            System.getProperty("path.separator"),
            classes.toString(),
            classes.resolveSibling("test-classes").toString(),
            location("dbus.address").toString());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
        "sh",
        "-c",
        "exec env " + before + " \"$0\" -XX:TieredStopAtLevel=1 -cp \"$1\" \"$2\"",
        java,
        path,
        main.getName());
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
