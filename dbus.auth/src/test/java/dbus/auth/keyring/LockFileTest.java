package dbus.auth.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUTH-42 the lock of a cookie file")
class LockFileTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void begin() {
    path = directory.resolve("context.lock");
  }

  @Test
  void isAFileWhileItIsHeld() throws Exception {
    try (LockFile lock = LockFile.acquire(path, LONG)) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      lock.requireHeld();
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void isWaitedFor() throws Exception {
    LockFile first = LockFile.acquire(path, LONG);
    CompletableFuture<LockFile> second =
        CompletableFuture.supplyAsync(() -> {
          try {
            return LockFile.acquire(path, LONG);
          } catch (KeyringException e) {
            throw new AssertionError(e);
          }
        });

    first.requireHeld();
    assertFalse(second.isDone());
    first.close();

    LockFile held = second.get(30, TimeUnit.SECONDS);
    held.requireHeld();
    held.close();
  }

  @Test
  void isBrokenWhenItIsStale() throws Exception {
    Files.createFile(path);

    try (LockFile lock = LockFile.acquire(path, SHORT)) {
      lock.requireHeld();
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void thatWasBrokenIsNotHeldAndIsLeftToItsNewOwner() throws Exception {
    LockFile slow = LockFile.acquire(path, LONG);
    Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(1)));

    String message = assertThrows(KeyringException.class, slow::requireHeld).getMessage();
    assertEquals(path + ": was taken over by somebody else", message);
    slow.close();

    assertTrue(Files.exists(path));
  }

  @Test
  void thatIsGoneIsNotHeld() throws Exception {
    LockFile lock = LockFile.acquire(path, LONG);
    Files.delete(path);

    assertThrows(KeyringException.class, lock::requireHeld);
    lock.close();
  }

  @Test
  void cannotBeHadWhereNothingCanBeWritten() {
    Path nowhere = directory.resolve("missing/context.lock");

    String message =
        assertThrows(KeyringException.class, () -> LockFile.acquire(nowhere, LONG)).getMessage();

    assertTrue(message.startsWith(nowhere + ": cannot be made: NoSuchFileException"), message);
  }

  @Test
  void isNotWaitedForByAnInterruptedThread() throws Exception {
    Files.createFile(path);
    Thread.currentThread().interrupt();

    assertThrows(KeyringException.class, () -> LockFile.acquire(path, LONG));

    assertTrue(Thread.interrupted());
    assertTrue(Files.exists(path));
  }

  @Test
  void isFreedWhenWritingFails() throws Exception {
    Path keyrings = directory.resolve("keyrings");
    CookieContext context = new CookieContext("c");
    SecureRandom broken =
        new SecureRandom() {
          private static final long serialVersionUID = 1L;

          @Override
          public void nextBytes(byte[] bytes) {
            throw new IllegalStateException("no entropy");
          }
        };
    Keyring keyring =
        Keyring.of(
            keyrings,
            Credentials.ofThisProcess().uid().orElseThrow(),
            new TestClock(1_700_000_000),
            broken);

    assertThrows(IllegalStateException.class, () -> keyring.freshId(context));

    assertFalse(Files.exists(keyrings.resolve("c.lock")));
  }

  @Test
  @DisplayName("AUTH-42 a server breaks a stale lock and goes on")
  void aServerBreaksAStaleLock() throws Exception {
    Path keyrings = directory.resolve("keyrings");
    CookieContext context = new CookieContext("c");
    Keyring keyring =
        Keyring.of(
            keyrings,
            Credentials.ofThisProcess().uid().orElseThrow(),
            new TestClock(1_700_000_000),
            new SecureRandom(),
            SHORT);
    int other = keyring.freshId(new CookieContext("other"));
    Files.createFile(keyrings.resolve("c.lock"));

    int id = keyring.freshId(context);

    assertTrue(keyring.secret(context, id).isPresent());
    assertFalse(Files.exists(keyrings.resolve("c.lock")));
    assertTrue(keyring.secret(new CookieContext("other"), other).isPresent());
  }
}
