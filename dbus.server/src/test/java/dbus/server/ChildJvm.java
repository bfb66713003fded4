package dbus.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A program of a test in a JVM of its own. It does not outlive the test, whatever happens to
/// either: it is killed when the test is over, and when its time is over, which ends each wait for
/// its output; and a program that [waits for orders][#awaitOrder] ends when the test's JVM is gone.
final class ChildJvm implements AutoCloseable {

  private static final long SECONDS = 120;

  private final Process process;
  private final BufferedReader out;
  private final CompletableFuture<Void> timeIsOver;

  private ChildJvm(Process process) {
    this.process = process;
    this.out = process.inputReader();
    this.timeIsOver =
        CompletableFuture.runAsync(
            process::destroyForcibly, CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS));
  }

  /// Starts the program of a class of these tests.
  static ChildJvm start(Class<?> program, String... arguments) throws IOException {
    return start(List.of(), program, arguments);
  }

  /// The same.
  ///
  /// @param by a command that goes on as the command that stands behind it
  static ChildJvm start(List<String> by, Class<?> program, String... arguments) throws IOException {
    return start(by, List.of("--enable-native-access=ALL-UNNAMED"), program, arguments);
  }

  /// The same, with other options of the JVM than the usual one, which gives native access.
  static ChildJvm withOptions(List<String> options, Class<?> program, String... arguments)
      throws IOException {
    return start(List.of(), options, program, arguments);
  }

  /// Starts the program of a class of these tests as part of its module, on the module path.
  static ChildJvm onModulePath(List<String> options, Class<?> program) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(options);
    command.addAll(List.of("--module-path", System.getProperty("jdk.module.path", "")));
    command.addAll(List.of("--patch-module", "dbus.server=" + testClasses()));
    command.addAll(List.of("--add-modules", "java.logging"));
    command.addAll(List.of("--add-reads", "dbus.server=java.logging"));
    command.addAll(List.of("--module", "dbus.server/" + program.getName()));
    return start(command);
  }

  private static ChildJvm start(
      List<String> by, List<String> options, Class<?> program, String... arguments)
      throws IOException {
    return start(command(by, options, program, arguments));
  }

  private static ChildJvm start(List<String> command) throws IOException {
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String testClasses() {
    return Path.of("target", "test-classes").toAbsolutePath().toString();
  }

  private static List<String> command(
      List<String> by, List<String> options, Class<?> program, String... arguments) {
    String path =
        System.getProperty("jdk.module.path", "")
            + File.pathSeparator
            + System.getProperty("java.class.path")
            + File.pathSeparator
            + testClasses();
    List<String> command = new ArrayList<>(by);
    command.add(java());
    command.addAll(options);
    command.addAll(List.of("-cp", path, program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /// By the program: waits until the test has called [#order()]. Without a test it ends.
  static void awaitOrder() throws IOException {
    if (System.in.read() < 0) {
      Runtime.getRuntime().halt(1);
    }
  }

  /// Lets the program go on.
  void order() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /// The next line of its output; null if it has ended.
  String readLine() throws IOException {
    return out.readLine();
  }

  /// Sends it a signal.
  ///
  /// @param name such as `TERM`
  void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertTrue(kill.waitFor(SECONDS, TimeUnit.SECONDS));
  }

  /// Waits for its end, for as long as it has time.
  ///
  /// @return its exit status
  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    timeIsOver.cancel(false);
    process.destroyForcibly();
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it cannot be killed");
  }
}
