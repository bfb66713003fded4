package dbus.testkit.glib;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// GLib, asked over the pipes of one Python process: a question is a line, and so is its answer.
public final class GlibProcess implements AutoCloseable {
  private static final List<String> INTERPRETERS = List.of("/usr/bin/python3", "python3");

  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private GlibProcess(Process process) {
    this.process = process;
    this.questions = process.outputWriter(StandardCharsets.US_ASCII);
    this.answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  /// The first Python that can `import gi`, or empty.
  static Optional<String> interpreter() {
    return INTERPRETERS.stream().filter(GlibProcess::hasGlib).findFirst();
  }

  private static boolean hasGlib(String interpreter) {
    try {
      return new ProcessBuilder(interpreter, "-c", "import gi; gi.require_version('Gio', '2.0')")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Starts a script that answers questions.
  ///
  /// @param user the class beside whose resources the script stands
  /// @param script its name
  public static GlibProcess start(Class<?> user, String script) {
    String python =
        interpreter()
            .orElseThrow(() ->
                new IllegalStateException(
                    "none of " + INTERPRETERS + " can import gi: install python3-gi"));
    try (InputStream in = user.getResourceAsStream(script)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new GlibProcess(
          new ProcessBuilder(python, "-c", text)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Asks a question.
  public String ask(String question) {
    try {
      questions.write(question);
      questions.newLine();
      questions.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("the Python process ended when asked: " + question);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (questions;
        answers) {
      process.destroy();
    }
  }
}
