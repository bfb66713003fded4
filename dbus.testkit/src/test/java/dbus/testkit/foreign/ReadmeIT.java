package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server on the front page works as it stands there.
class ReadmeIT {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern OPTION = Pattern.compile(" {4}java (--enable-native-access=\\S+)");

  @TempDir Path directory;

  private static String fromReadme(Pattern pattern) throws IOException {
    Matcher found =
        pattern.matcher(Files.readString(Path.of(System.getProperty("project.readme"))));
    assertTrue(found.find(), () -> "the README has no " + pattern);
    return found.group(1);
  }

  @Test
  void theTenLineServerGreetsAndTheJvmWarnsOfNothing() throws Exception {
    ForeignProgram dbusSend = ForeignProgram.named("dbus-send");
    Path source = Files.writeString(directory.resolve("Greeter.java"), fromReadme(JAVA));
    Path complaints = directory.resolve("stderr");

    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--add-modules",
                "dbus.server",
                fromReadme(OPTION),
                source.toString())
            .redirectError(complaints.toFile())
            .start();
    try {
      String address = server.inputReader().readLine();
      ForeignProgram.Outcome outcome =
          dbusSend
              .run(
                  "--peer=" + address,
                  "--print-reply=literal",
                  "/com/example/Greeter",
                  "com.example.Greeter1.Greet",
                  "string:D-Bus")
              .expectSuccess();
      assertEquals("Hello, D-Bus!", outcome.out());
      assertEquals("", Files.readString(complaints));
    } finally {
      server.destroy();
      server.waitFor();
    }
  }
}
