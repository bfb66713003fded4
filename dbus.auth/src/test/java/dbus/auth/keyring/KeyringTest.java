package dbus.auth.keyring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {
  private static final long NOW = 1_700_000_000;
  private static final CookieContext CONTEXT = new CookieContext("org_example_test");

  @TempDir private Path home;

  private final TestClock clock = new TestClock(NOW);
  private Path directory;
  private Path file;
  private Keyring keyring;

  @BeforeEach
  void begin() {
    directory = home.resolve(".dbus-keyrings");
    file = directory.resolve(CONTEXT.name());
    keyring =
        Keyring.of(
            directory, Credentials.ofThisProcess().uid().orElseThrow(), clock, new SecureRandom());
  }

  private void write(String text) throws IOException {
    if (!Files.exists(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  @DisplayName("AUTH-40, AUTH-41 a server makes a private directory and a private file")
  void aServerMakesWhatIsMissing() throws Exception {
    long id = keyring.freshId(CONTEXT);

    assertEquals("rwx------", mode(directory));
    assertEquals("rw-------", mode(file));
    assertEquals(List.of(CONTEXT.name()), entries());
    String text = Files.readString(file);
    assertTrue(text.matches(id + " " + NOW + " [0-9a-f]{48}\n"), text);
  }

  @Test
  @DisplayName("AUTH-46 secrets and ids are drawn at random")
  void secretsAndIdsAreDrawnAtRandom() throws Exception {
    Set<String> secrets = new HashSet<>();
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      CookieContext context = new CookieContext("c" + i);
      long id = keyring.freshId(context);
      ids.add(id);
      secrets.add(new String(keyring.secret(context, id).orElseThrow(), StandardCharsets.US_ASCII));
    }
    assertEquals(20, secrets.size());
    assertTrue(ids.size() > 10, ids::toString);
    assertTrue(ids.stream().allMatch(id -> id > 0 && id < Integer.MAX_VALUE));
  }

  @Test
  @DisplayName(
      "AUTH-46, PEER-15 a number that only some can read is kept, but not given to clients")
  void aNumberThatOnlySomeCanRead() throws Exception {
    String ofDBusJava = "1795371339369 %d aa\n".formatted(NOW);
    write(ofDBusJava);

    long id = keyring.freshId(CONTEXT);

    assertTrue(id < Integer.MAX_VALUE);
    assertTrue(Files.readString(file).startsWith(ofDBusJava), Files.readString(file));
    assertArrayEquals(
        new byte[] {'a', 'a'}, keyring.secret(CONTEXT, 1_795_371_339_369L).orElseThrow());
  }

  @Test
  @DisplayName("AUTH-41 the largest number of 31 bits is one that everybody can read")
  void theLargestNumberForEverybody() throws Exception {
    write("2147483647 %d aa\n".formatted(NOW));

    assertEquals(Integer.MAX_VALUE, keyring.freshId(CONTEXT));
  }

  @Test
  @DisplayName("AUTH-46 a new id is none that is taken")
  void aNewIdIsNoneThatIsTaken() throws Exception {
    write("7 %d aa\n".formatted(NOW - 400));
    SecureRandom twice =
        new SecureRandom() {
          private static final long serialVersionUID = 1L;
          private int calls;

          @Override
          public int nextInt(int origin, int bound) {
            return calls++ < 3 ? 7 : 8;
          }
        };
    Keyring unlucky =
        Keyring.of(directory, Credentials.ofThisProcess().uid().orElseThrow(), clock, twice);

    assertEquals(8, unlucky.freshId(CONTEXT));
    assertTrue(unlucky.secret(CONTEXT, 7).isPresent());
  }

  @Test
  @DisplayName("AUTH-43 while a cookie is fresh nothing is written")
  void whileACookieIsFreshNothingIsWritten() throws Exception {
    write("7 %d aa\n".formatted(NOW));
    FileTime longAgo = FileTime.from(Instant.ofEpochSecond(1));
    Files.setLastModifiedTime(file, longAgo);

    assertEquals(7, keyring.freshId(CONTEXT));
    assertEquals(longAgo, Files.getLastModifiedTime(file));
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, -1, 0, 1, 299, 300})
  @DisplayName("AUTH-43 a cookie is used up to five minutes of age, or ahead of the clock")
  void aCookieIsUsed(long age) throws Exception {
    write("7 %d aa\n".formatted(NOW - age));

    assertEquals(7, keyring.freshId(CONTEXT));
    assertTrue(keyring.secret(CONTEXT, 7).isPresent());
  }

  @ParameterizedTest
  @ValueSource(longs = {301, 419, 420})
  @DisplayName("AUTH-43 an older cookie is kept for those who have begun, and a new one is made")
  void anOlderCookieIsKept(long age) throws Exception {
    write("7 %d aa\n".formatted(NOW - age));

    long id = keyring.freshId(CONTEXT);

    assertNotEquals(7, id);
    assertArrayEquals(new byte[] {'a', 'a'}, keyring.secret(CONTEXT, 7).orElseThrow());
    assertEquals(2, Files.readAllLines(file).size());
  }

  @ParameterizedTest
  @ValueSource(longs = {421, 1_000_000, -301, -1_000_000})
  @DisplayName("AUTH-43 a cookie that is too old, or too far ahead, is deleted and gone")
  void aCookieThatIsTooOld(long age) throws Exception {
    write("7 %d aa\n".formatted(NOW - age));
    assertTrue(keyring.secret(CONTEXT, 7).isEmpty());

    long id = keyring.freshId(CONTEXT);

    assertNotEquals(7, id);
    assertTrue(Files.readString(file).startsWith(id + " "));
    assertEquals(1, Files.readAllLines(file).size());
  }

  @Test
  @DisplayName("AUTH-44 what is to be deleted is deleted, even if nothing is to be added")
  void pruningAlone() throws Exception {
    write("6 1 bb\n7 %d aa\nnonsense\n".formatted(NOW));

    assertEquals(7, keyring.freshId(CONTEXT));
    assertEquals("7 %d aa\n".formatted(NOW), Files.readString(file));
  }

  @Test
  @DisplayName(
      "AUTH-44 the file is replaced, not rewritten: who has it open still reads the old one")
  void theFileIsReplaced() throws Exception {
    write("7 1 aa\n");
    Object before = Files.getAttribute(file, "unix:ino");
    try (var open = Files.newInputStream(file)) {
      keyring.freshId(CONTEXT);

      assertEquals("7 1 aa\n", new String(open.readAllBytes(), StandardCharsets.US_ASCII));
    }
    assertNotEquals(before, Files.getAttribute(file, "unix:ino"));
    assertEquals(List.of(CONTEXT.name()), entries());
  }

  @Test
  @DisplayName("AUTH-41 a file that only others may read is written anew with mode 0600")
  void aFileThatOthersMayRead() throws Exception {
    write("");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    keyring.freshId(CONTEXT);

    assertEquals("rw-------", mode(file));
  }

  @Test
  @DisplayName("AUTH-48 a client finds no cookie where there is no directory, no file, no such id")
  void aClientFindsNoCookie() throws Exception {
    assertTrue(keyring.secret(CONTEXT, 7).isEmpty());
    assertFalse(Files.exists(directory));

    write("7 %d aa\n".formatted(NOW));
    assertTrue(keyring.secret(CONTEXT, 8).isEmpty());
    assertTrue(keyring.secret(new CookieContext("other"), 7).isEmpty());
    assertArrayEquals(new byte[] {'a', 'a'}, keyring.secret(CONTEXT, 7).orElseThrow());
  }

  @Test
  @DisplayName("AUTH-43 the clock alone makes a new cookie necessary")
  void theClockAlone() throws Exception {
    long first = keyring.freshId(CONTEXT);
    clock.set(NOW + 300);
    assertEquals(first, keyring.freshId(CONTEXT));
    clock.set(NOW + 301);
    long second = keyring.freshId(CONTEXT);

    assertNotEquals(first, second);
    assertTrue(keyring.secret(CONTEXT, first).isPresent());
    clock.set(NOW + 421);
    assertTrue(keyring.secret(CONTEXT, first).isEmpty());
    assertTrue(keyring.secret(CONTEXT, second).isPresent());
  }
}
