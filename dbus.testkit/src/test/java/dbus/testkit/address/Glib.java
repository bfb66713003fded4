package dbus.testkit.address;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// GLib, asked over the pipes of one Python process.
final class Glib implements AutoCloseable {
  private static final List<String> INTERPRETERS = List.of("/usr/bin/python3", "python3");

  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private Glib(Process process) {
    this.process = process;
    this.questions = process.outputWriter(StandardCharsets.US_ASCII);
    this.answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  /// The first Python that can `import gi`, or empty.
  static Optional<String> interpreter() {
    return INTERPRETERS.stream().filter(Glib::hasGlib).findFirst();
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

  static Glib start() {
    String python =
        interpreter()
            .orElseThrow(() ->
                new IllegalStateException(
                    "none of " + INTERPRETERS + " can import gi: install python3-gi"));
    try (InputStream script = Glib.class.getResourceAsStream("glib-addresses.py")) {
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      return new Glib(
          new ProcessBuilder(python, "-c", text)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What `g_dbus_is_address` says.
  boolean isAddress(String text) {
    return ask("is-address", text).equals("True");
  }

  /// What `g_dbus_is_supported_address` says.
  boolean isSupported(String text) {
    return ask("is-supported", text).equals("True");
  }

  /// What `g_dbus_address_escape_value` gives.
  String escape(String text) {
    return ask("escape", text);
  }

  private String ask(String question, String text) {
    try {
      questions.write(question + " ");
      questions.write(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
      questions.newLine();
      questions.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException(
            "the Python process ended when asked " + question + " of: " + text);
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
