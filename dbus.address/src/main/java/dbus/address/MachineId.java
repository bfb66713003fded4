package dbus.address;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The identifier of the machine, or rather of the system that runs on it: processes that read the
/// same one see the same shared memory.
///
/// D-Bus Specification, "org.freedesktop.DBus.Peer".
public final class MachineId {

  /// The files in the order of the reference implementation. The specification leaves it open which
  /// one counts if they differ.
  private static final List<String> FILES = List.of("var/lib/dbus/machine-id", "etc/machine-id");

  /// The digits and the end of a line, and some more, so that a longer line is noticed.
  private static final int LONGEST_START = 64;

  private MachineId() {}

  /// Reads the identifier of this machine.
  ///
  /// @throws IOException if no file holds one; the reason for each file is suppressed in it
  public static Guid read() throws IOException {
    return read(Path.of("/"));
  }

  /// Reads the identifier of a system whose files are somewhere else.
  ///
  /// @param root the directory to take for `/`
  /// @throws IOException if no file holds one; the reason for each file is suppressed in it
  public static Guid read(Path root) throws IOException {
    IOException none =
        new IOException("no machine id in " + root + ": neither of " + FILES + " holds one");
    for (String file : FILES) {
      try {
        return readFile(root.resolve(file));
      } catch (IOException e) {
        none.addSuppressed(e);
      }
    }
    throw none;
  }

  private static Guid readFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST_START);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      String first = text.lines().findFirst().orElse("").strip();
      return Guid.tryParse(first)
          .orElseThrow(() ->
              new IOException(
                  file + ": not a machine id, must be " + Guid.DIGITS + " hexadecimal digits"));
    }
  }
}
