package dbus.server.listening;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file of a nonce, from its first moment to its last.
class NonceFileTest {

  @TempDir Path runtime;

  private NonceFile file;

  @BeforeEach
  void create() throws Exception {
    file = NonceFile.create(environment(runtime.toString()), Leftovers.REMOVED);
  }

  private static Environment environment(String runtimeDirectory) {
    return new Environment() {
      @Override
      public Optional<String> variable(String name) {
        return name.equals("XDG_RUNTIME_DIR") ? Optional.of(runtimeDirectory) : Optional.empty();
      }

      @Override
      public boolean isOwnSocket(Path path) {
        return false;
      }
    };
  }

  private static String modeOf(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  @DisplayName("SERV-26, SEC-34 it holds exactly the 16 bytes, and only its user can read it")
  void contents() throws Exception {
    assertArrayEquals(file.nonce(), Files.readAllBytes(file.path()));
    assertEquals(16, file.nonce().length);
    assertEquals("rw-------", modeOf(file.path()));
    assertEquals("rwx------", modeOf(file.path().getParent()));
    assertTrue(file.path().startsWith(runtime), file::toString);
  }

  @Test
  @DisplayName("SERV-26 each server has another one")
  void another() throws Exception {
    NonceFile other = NonceFile.create(environment(runtime.toString()), Leftovers.REMOVED);
    assertFalse(Arrays.equals(file.nonce(), other.nonce()));
    assertFalse(file.path().equals(other.path()));
  }

  @Test
  @DisplayName("SERV-26 removed, nothing of it is left, and removing it again does nothing")
  void removed() throws Exception {
    file.remove();
    file.remove();
    try (var left = Files.list(runtime)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  @DisplayName("SERV-26 a file that somebody else has put in its place stays")
  void aForeignFileStays() throws Exception {
    Path other = Files.writeString(runtime.resolve("other"), "somebody else's");
    Files.move(other, file.path(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    file.remove();
    assertEquals("somebody else's", Files.readString(file.path()));
  }

  @Test
  @DisplayName("SERV-26 without a runtime directory it is among the temporary files")
  void withoutRuntimeDirectory() throws Exception {
    for (String none : new String[] {"relative", runtime + "/none"}) {
      NonceFile temporary = NonceFile.create(environment(none), Leftovers.REMOVED);
      try {
        assertTrue(
            temporary.path().startsWith(Path.of(System.getProperty("java.io.tmpdir"))),
            temporary::toString);
        assertEquals("rwx------", modeOf(temporary.path().getParent()));
      } finally {
        temporary.remove();
      }
    }
  }
}
