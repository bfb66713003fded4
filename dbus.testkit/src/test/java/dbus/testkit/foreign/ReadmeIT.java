package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server on the front page works as it stands there.
class ReadmeIT {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void theTenLineServerGreets() throws Exception {
    ForeignProgram dbusSend = ForeignProgram.named("dbus-send");
    Path readme = Path.of(System.getProperty("project.readme"));
    Matcher code = JAVA.matcher(Files.readString(readme));
    assertTrue(code.find(), "the README has no Java in it");
    Path source = Files.writeString(directory.resolve("Greeter.java"), code.group(1));

    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--add-modules",
                "dbus.server",
                "--enable-native-access=org.newsclub.net.unix",
                source.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
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
    } finally {
      server.destroy();
      server.waitFor();
    }
  }
}
