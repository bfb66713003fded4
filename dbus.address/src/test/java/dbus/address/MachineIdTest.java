package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The machine id, INTRO-* serves it to peers.
class MachineIdTest {
  private static final String ONE = "0123456789abcdef0123456789abcdef";
  private static final String TWO = "fedcba9876543210fedcba9876543210";

  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  @DisplayName("the file of D-Bus is read first")
  void dbusFileFirst() throws IOException {
    write("var/lib/dbus/machine-id", ONE + "\n");
    write("etc/machine-id", TWO + "\n");

    assertEquals(Guid.parse(ONE), MachineId.read(root));
  }

  @ParameterizedTest
  @DisplayName("INTRO-02 the id is the first line, whatever follows")
  @ValueSource(strings = {"", "\n", "\r\n", "\nsecond line\n", "\n\n" + TWO + "\n" + TWO + "\n"})
  void firstLine(String rest) throws IOException {
    write("etc/machine-id", ONE + rest);
    assertEquals(Guid.parse(ONE), MachineId.read(root));
  }

  @ParameterizedTest
  @DisplayName("INTRO-02 a later line is not the id")
  @ValueSource(strings = {"\n", "# made by hand\n"})
  void laterLine(String first) throws IOException {
    write("etc/machine-id", first + ONE + "\n");
    assertThrows(IOException.class, () -> MachineId.read(root));
  }

  @ParameterizedTest
  @DisplayName("the file of systemd is read if the other holds no id")
  @ValueSource(strings = {"", "uninitialized\n", "not an id", ONE + ONE + ONE})
  void systemdFileSecond(String other) throws IOException {
    write("etc/machine-id", TWO);
    assertEquals(Guid.parse(TWO), MachineId.read(root));
    write("var/lib/dbus/machine-id", other);
    assertEquals(Guid.parse(TWO), MachineId.read(root));
  }

  @Test
  @DisplayName("without an id the error tells what was wrong with each file")
  void noId() throws IOException {
    write("etc/machine-id", "uninitialized\n");
    IOException none = assertThrows(IOException.class, () -> MachineId.read(root));

    assertEquals(NoSuchFileException.class, none.getSuppressed()[0].getClass());
    assertEquals(
        root.resolve("etc/machine-id") + ": not a machine id, must be 32 hexadecimal digits",
        none.getSuppressed()[1].getMessage());
  }
}
