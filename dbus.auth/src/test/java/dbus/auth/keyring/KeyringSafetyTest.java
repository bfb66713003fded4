package dbus.auth.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUTH-40, SEC-18 a keyring that is not safe is not used")
class KeyringSafetyTest {
  private static final long NOW = 1_700_000_000;
  private static final CookieContext CONTEXT = new CookieContext("org_example_test");
  private static final long UID = Credentials.ofThisProcess().uid().orElseThrow();

  @TempDir private Path home;

  private Path directory;
  private Path file;
  private Keyring keyring;

  @BeforeEach
  void begin() throws IOException {
    directory = home.resolve(".dbus-keyrings");
    file = directory.resolve(CONTEXT.name());
    keyring = of(UID);
    Files.createDirectory(directory);
    mode(directory, "rwx------");
    Files.writeString(file, "7 %d aa\n".formatted(NOW));
    mode(file, "rw-------");
    assertTrue(assertUsed());
  }

  private Keyring of(long uid) {
    return Keyring.of(directory, uid, new TestClock(NOW), new SecureRandom());
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private boolean assertUsed() {
    try {
      return keyring.freshId(CONTEXT) == 7 && keyring.secret(CONTEXT, 7).isPresent();
    } catch (KeyringException e) {
      throw new AssertionError(e);
    }
  }

  /// Both sides refuse it, for this reason, and nothing is written.
  private void assertRefused(Keyring some, String reason) throws IOException {
    List<String> before = tree();
    for (var use :
        List.<Executable>of(() -> some.freshId(CONTEXT), () -> some.secret(CONTEXT, 7))) {
      String message = assertThrows(KeyringException.class, use).getMessage();
      assertTrue(message.contains(reason), message);
    }
    assertEquals(before, tree());
  }

  private List<String> tree() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.map(Path::toString).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rwxr-----",
        "rwx-w----",
        "rwx--x---",
        "rwx---r--",
        "rwx----w-",
        "rwx-----x",
        "rwxrwxrwx"
      })
  void aDirectoryThatOthersMayEnter(String permissions) throws Exception {
    mode(directory, permissions);

    assertRefused(keyring, directory + ": has mode 07");
    assertThrows(KeyringException.class, keyring::check);
  }

  @Test
  void aDirectoryOfAnotherUser() throws Exception {
    assertRefused(
        of(UID + 1), directory + ": belongs to uid " + UID + ", must belong to " + (UID + 1));
  }

  @Test
  void aDirectoryThatIsALink() throws Exception {
    Path elsewhere = home.resolve("elsewhere");
    Files.move(directory, elsewhere);
    Files.createSymbolicLink(directory, elsewhere);

    assertRefused(keyring, directory + ": is a symbolic link, must be a directory");
  }

  @Test
  void aDirectoryThatIsALinkToNothing() throws Exception {
    Files.delete(file);
    Files.delete(directory);
    Files.createSymbolicLink(directory, home.resolve("nothing"));

    assertRefused(keyring, directory + ": is a symbolic link");
    assertFalse(Files.exists(home.resolve("nothing")));
  }

  @Test
  void aDirectoryThatIsAFile() throws Exception {
    Files.delete(file);
    Files.delete(directory);
    Files.writeString(directory, "");

    assertRefused(keyring, directory + ": is something else, must be a directory");
  }

  @Test
  void aFileThatIsALink() throws Exception {
    Path elsewhere = home.resolve("elsewhere");
    Files.move(file, elsewhere);
    Files.createSymbolicLink(file, elsewhere);

    assertRefused(keyring, file + ": is a symbolic link, must be a regular file");
    assertEquals("7 %d aa\n".formatted(NOW), Files.readString(elsewhere));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw--w----", "rw-----w-", "rw-rw-rw-"})
  void aFileThatOthersMayWrite(String permissions) throws Exception {
    mode(file, permissions);

    assertRefused(keyring, file + ": has mode 06");
  }

  @Test
  @DisplayName("a file that others may read is safe within a directory that they may not enter")
  void aFileThatOthersMayRead() throws Exception {
    mode(file, "rw-r--r--");

    assertTrue(assertUsed());
  }

  @Test
  void aFileThatIsADirectory() throws Exception {
    Files.delete(file);
    Files.createDirectory(file);

    assertRefused(keyring, file + ": is something else, must be a regular file");
  }

  @Test
  void aFileThatIsTooLarge() throws Exception {
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(KeyringDirectory.MOST_BYTES);
      assertTrue(keyring.secret(CONTEXT, 7).isPresent());
      large.setLength(KeyringDirectory.MOST_BYTES + 1);
    }

    assertRefused(keyring, file + ": 1048577 bytes, more than 1048576");
  }

  @Test
  void aDirectoryThatCannotBeMade() throws Exception {
    Keyring nowhere = Keyring.of(home.resolve("a/b"), UID, new TestClock(NOW), new SecureRandom());

    String message =
        assertThrows(KeyringException.class, () -> nowhere.freshId(CONTEXT)).getMessage();

    assertTrue(message.startsWith(home.resolve("a/b") + ": cannot make the directory"), message);
    assertTrue(nowhere.secret(CONTEXT, 7).isEmpty());
  }
}
