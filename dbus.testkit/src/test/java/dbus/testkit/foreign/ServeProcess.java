package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// `dbus serve`, run from the image that the build has just made.
final class ServeProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final Path err;
  private final BufferedReader out;
  private final String address;

  private ServeProcess(Process process, Path err, BufferedReader out, String address) {
    this.process = process;
    this.err = err;
    this.out = out;
    this.address = address;
  }

  /// Starts it, and waits for the address on the first line of its output.
  static ServeProcess start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  /// The same, with a directory for `HOME`, where it keeps its cookies.
  static ServeProcess startAtHome(Path home, String... arguments) throws IOException {
    return start(Map.of("HOME", home.toString()), arguments);
  }

  private static ServeProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    Path err = Files.createTempFile("serve", ".err");
    Process process = launch(environment, err, arguments);
    BufferedReader out = process.inputReader();
    String address = out.readLine();
    if (address == null) {
      throw new IOException("dbus serve ended: " + Files.readString(err));
    }
    return new ServeProcess(process, err, out, address);
  }

  /// Starts it, whatever comes of it.
  static Process launch(Path err, String... arguments) throws IOException {
    return launch(Map.of(), err, arguments);
  }

  private static Process launch(Map<String, String> environment, Path err, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("os.name").equals("Linux")) {
      // A build in the background of a shell ignores SIGINT, and what it starts would do so too.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("dbus.image"), "bin", "dbus").toString());
    command.add("serve");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  String address() {
    return address;
  }

  /// The next line of its output: the address of its next place.
  String nextAddress() throws IOException {
    return out.readLine();
  }

  /// All that it has written on stderr so far.
  String err() throws IOException {
    return Files.readString(err);
  }

  /// The file of its socket.
  Path socket() {
    String path = address.substring("unix:path=".length());
    return Path.of(path.substring(0, path.indexOf(',')));
  }

  /// Asks it to stop, and waits until it has.
  ///
  /// @param signal such as `TERM`
  /// @return its exit status
  int stop(String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
    return process.exitValue();
  }

  /// How many threads it has, but for those that compile code, collect garbage, and serve the
  /// common pool: the JVM starts and ends these as it likes.
  int threads() {
    return (int)
        entries("task").stream()
            .map(ServeProcess::nameOf)
            .filter(name -> !name.matches("(C1 |C2 |G1 |GC |ForkJoinPool).*\\R"))
            .count();
  }

  /// How many descriptors it has open.
  int descriptors() {
    return entries("fd").size();
  }

  /// Changes how many descriptors it may have open.
  void limitDescriptors(int most) throws Exception {
    ForeignProgram.named("prlimit")
        .run("--pid", Long.toString(process.pid()), "--nofile=" + most + ":")
        .expectSuccess();
  }

  /// How many threads accept peers, read from one, or wait to do either.
  int readers() {
    return (int)
        entries("task").stream().filter(task -> nameOf(task).startsWith("dbus-reader")).count();
  }

  private List<Path> entries(String directory) {
    try (Stream<Path> list = Files.list(Path.of("/proc/" + process.pid(), directory))) {
      return list.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String nameOf(Path task) {
    try {
      return Files.readString(task.resolve("comm"));
    } catch (IOException endedMeanwhile) {
      return "";
    }
  }

  /// Waits until something that the kernel tells of this process has come true; the kernel gives no
  /// event for it, so it is asked again and again.
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(process.isAlive(), () -> "the server died; " + what);
      assertTrue(System.nanoTime() < deadline, what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    Files.deleteIfExists(err);
  }
}
