package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A program written by others, which a test runs.
///
/// Where it is missing the test is skipped, and says so; in CI, where all of them are installed, it
/// fails.
final class ForeignProgram {

  private final List<String> command;
  private final Map<String, String> environment;

  private ForeignProgram(List<String> command) {
    this(command, Map.of());
  }

  private ForeignProgram(List<String> command, Map<String, String> environment) {
    this.command = command;
    this.environment = environment;
  }

  /// The same, with a variable in its environment.
  ForeignProgram with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new ForeignProgram(command, more);
  }

  /// A program on the path.
  static ForeignProgram named(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(path -> new ForeignProgram(List.of(path.toString())))
        .orElseGet(() -> missing("the program \"" + name + "\" is not installed"));
  }

  /// A script among the resources of these tests, run by a Python that has a module.
  static ForeignProgram python(String module, String script, Path directory) throws Exception {
    // The distribution's own first: it is the one that the distribution's modules are made for.
    for (String python : List.of("/usr/bin/python3", "python3")) {
      if (works(List.of(python, "-c", "import " + module))) {
        return new ForeignProgram(List.of(python, resource(script, directory).toString()));
      }
    }
    return missing("no python3 can import \"" + module + "\"");
  }

  /// A C source among the resources of these tests, compiled against a library.
  static ForeignProgram compiled(String source, String library, Path directory) throws Exception {
    if (!works(List.of("cc", "--version")) || !works(List.of("pkg-config", "--exists", library))) {
      return missing("no C compiler, or no pkg-config, or no library \"" + library + "\" for it");
    }
    Path program = directory.resolve(source.replace(".c", ""));
    List<String> flags =
        List.of(run(List.of("pkg-config", "--cflags", "--libs", library)).out().split("\\s+"));
    List<String> compile =
        new ArrayList<>(
            List.of(
                "cc",
                "-Wall",
                "-Werror",
                "-o",
                program.toString(),
                resource(source, directory).toString()));
    compile.addAll(flags);
    run(compile).expectSuccess();
    return new ForeignProgram(List.of(program.toString()));
  }

  /// A Java source among the resources of these tests, run from source with a library that the
  /// build has put into a directory.
  static ForeignProgram java(String source, Path library, Path directory, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", library.resolve("*").toString()));
    command.add(resource(source, directory).toString());
    return new ForeignProgram(command);
  }

  private static ForeignProgram missing(String what) {
    if ("true".equals(System.getenv("CI"))) {
      return fail(what + "; .ci/run installs all that the tests need");
    }
    return abort("skipped: " + what);
  }

  private static boolean works(List<String> command) throws Exception {
    try {
      return run(command).status() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  private static Path resource(String name, Path directory) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream in = ForeignProgram.class.getResourceAsStream(name)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  /// Runs it to its end.
  Outcome run(String... arguments) throws Exception {
    return run(commandWith(arguments), environment);
  }

  /// Starts it, with its output to be read.
  Process start(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(commandWith(arguments)).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private List<String> commandWith(String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    return all;
  }

  private static Outcome run(List<String> command) throws Exception {
    return run(command, Map.of());
  }

  private static Outcome run(List<String> command, Map<String, String> environment)
      throws Exception {
    Path err = Files.createTempFile("stderr", ".txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(command, process.waitFor(), out.strip(), Files.readString(err).strip());
    } finally {
      Files.delete(err);
    }
  }

  /// What a program left behind.
  record Outcome(List<String> command, int status, String out, String err) {

    Outcome expectSuccess() {
      if (status != 0) {
        fail("%s ended with %d%n%s%n%s".formatted(String.join(" ", command), status, out, err));
      }
      return this;
    }

    Outcome expectFailure() {
      if (status == 0) {
        fail("%s should have failed, but printed%n%s".formatted(String.join(" ", command), out));
      }
      return this;
    }
  }
}
