package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The programs of the guide work as they stand there.
class GuideIT {

  private static final Pattern CHAPTER =
      Pattern.compile("^## (.*?)$(.*?)(?=^## |\\z)", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /// What is called in the chapters whose programs say more than that they are there, and what is
  /// answered.
  private static final Map<String, List<String>> CALLS =
      Map.of(
          "Objects: methods, signals, properties",
          List.of("/com/example/Battery", "com.example.Battery1.Drain", "uint32 0"),
          "Each new connection",
          List.of("/com/example/Session", "com.example.Session1.User", "int64 " + uid()),
          "A hardened server",
          List.of("/com/example/Vault", "org.freedesktop.DBus.Peer.Ping", ""));

  @TempDir Path directory;

  /// @param chapter where the program stands
  record Program(String chapter, String text) {

    @Override
    public String toString() {
      return chapter;
    }
  }

  static Stream<Program> programs() throws IOException {
    Path guide = Path.of(System.getProperty("project.readme")).resolveSibling("docs/guide.md");
    List<Program> programs =
        CHAPTER
            .matcher(Files.readString(guide))
            .results()
            .flatMap(chapter ->
                PROGRAM
                    .matcher(chapter.group(2))
                    .results()
                    .map(code -> new Program(chapter.group(1), code.group(1))))
            .toList();
    assertFalse(programs.isEmpty(), "the guide has no programs");
    List<String> chapters = programs.stream().map(Program::chapter).toList();
    assertTrue(chapters.containsAll(CALLS.keySet()), () -> CALLS.keySet() + ": " + chapters);
    return programs.stream();
  }

  private static int uid() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void itsProgramIsServedAndCalled(Program program) throws Exception {
    ForeignProgram dbusSend = ForeignProgram.named("dbus-send");
    Path source = Files.writeString(directory.resolve("Example.java"), program.text());
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--add-modules",
                "dbus.server",
                "--enable-native-access=org.newsclub.net.unix,dbus.connection",
                source.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String address = server.inputReader().readLine();
      assertTrue(address != null, "it has ended");
      List<String> call =
          CALLS.getOrDefault(program.chapter(), List.of("/", "org.freedesktop.DBus.Peer.Ping", ""));
      ForeignProgram.Outcome outcome =
          dbusSend
              .run("--peer=" + address, "--print-reply=literal", call.get(0), call.get(1))
              .expectSuccess();
      assertEquals(call.get(2), outcome.out().strip());
    } finally {
      server.destroy();
      server.waitFor();
    }
  }
}
