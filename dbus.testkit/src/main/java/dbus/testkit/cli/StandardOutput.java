package dbus.testkit.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The standard output of the process. Unlike [System#out], it remembers why it could not be
/// written.
final class StandardOutput extends PrintWriter {

  private final Remembering writer;

  StandardOutput() {
    this(
        new Remembering(
            new OutputStreamWriter(
                new FileOutputStream(FileDescriptor.out), System.out.charset())));
  }

  private StandardOutput(Remembering writer) {
    // Each line is written at once, so that it stands in front of what is complained of later.
    super(writer, true);
    this.writer = writer;
  }

  /// Why nothing more can be written, if that is so.
  Optional<String> failure() {
    return Optional.ofNullable(writer.failure).map(IOException::getMessage);
  }

  private static final class Remembering extends FilterWriter {
    private @Nullable IOException failure;

    private Remembering(Writer out) {
      super(out);
    }

    @Override
    public void write(int c) throws IOException {
      try {
        super.write(c);
      } catch (IOException e) {
        throw remember(e);
      }
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      try {
        super.write(text, from, length);
      } catch (IOException e) {
        throw remember(e);
      }
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      try {
        super.write(text, from, length);
      } catch (IOException e) {
        throw remember(e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        super.flush();
      } catch (IOException e) {
        throw remember(e);
      }
    }

    private IOException remember(IOException e) {
      failure = e;
      return e;
    }
  }
}
