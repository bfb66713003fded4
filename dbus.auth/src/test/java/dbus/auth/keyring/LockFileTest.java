package dbus.auth.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUTH-42 the lock of a cookie file")
class LockFileTest {

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void begin() {
    path = directory.resolve("context.lock");
  }

  @Test
  void isAFileWhileItIsHeld() throws Exception {
    try (LockFile lock = LockFile.acquire(path, LockFile.REAL_TIME)) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      lock.requireHeld();
    }
    assertFalse(Files.exists(path));
  }

  /// One second passes with each pause, and something happens in it.
  private static final class Seconds implements LockFile.Waiting {
    private final IntConsumer event;
    private int passed;

    Seconds(IntConsumer event) {
      this.event = event;
    }

    @Override
    public long nanoTime() {
      return Duration.ofSeconds(passed).toNanos();
    }

    @Override
    public void pause() {
      passed++;
      event.accept(passed);
    }
  }

  private void makeStranger(int second) {
    try {
      Files.deleteIfExists(path);
      Files.createFile(path);
      Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(second)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void isWaitedForAsLongAsItIsNotStale() throws Exception {
    LockFile first = LockFile.acquire(path, LockFile.REAL_TIME);
    Seconds seconds =
        new Seconds(second -> {
          try {
            first.requireHeld();
            if (second == 7) {
              first.close();
            }
          } catch (KeyringException | IOException e) {
            throw new AssertionError("after " + second + " seconds", e);
          }
        });

    try (LockFile lock = LockFile.acquire(path, seconds)) {
      lock.requireHeld();
    }
    assertEquals(7, seconds.passed);
  }

  @Test
  void isBrokenAfterEightSeconds() throws Exception {
    makeStranger(1);
    Seconds seconds = new Seconds(second -> assertTrue(Files.exists(path)));

    try (LockFile lock = LockFile.acquire(path, seconds)) {
      lock.requireHeld();
    }
    assertEquals(8, seconds.passed);
  }

  @Test
  void isNotStaleIfItChangesHands() {
    makeStranger(100);
    Seconds seconds =
        new Seconds(second -> {
          assertTrue(Files.exists(path), () -> "deleted in second " + second);
          makeStranger(second);
        });

    String message =
        assertThrows(KeyringException.class, () -> LockFile.acquire(path, seconds)).getMessage();

    assertEquals(path + ": is always held by somebody else", message);
    assertEquals(16, seconds.passed);
    assertTrue(Files.exists(path));
  }

  @Test
  void thatWasBrokenIsNotHeldAndIsLeftToItsNewOwner() throws Exception {
    LockFile slow = LockFile.acquire(path, LockFile.REAL_TIME);
    Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(1)));

    String message = assertThrows(KeyringException.class, slow::requireHeld).getMessage();
    assertEquals(path + ": was taken over by somebody else", message);
    slow.close();

    assertTrue(Files.exists(path));
  }

  @Test
  void thatIsGoneIsNotHeld() throws Exception {
    LockFile lock = LockFile.acquire(path, LockFile.REAL_TIME);
    Files.delete(path);

    assertThrows(KeyringException.class, lock::requireHeld);
    lock.close();
  }

  @Test
  void cannotBeHadWhereNothingCanBeWritten() {
    Path nowhere = directory.resolve("missing/context.lock");

    String message =
        assertThrows(KeyringException.class, () -> LockFile.acquire(nowhere, LockFile.REAL_TIME))
            .getMessage();

    assertTrue(message.startsWith(nowhere + ": cannot be made: NoSuchFileException"), message);
  }

  @Test
  void isNotWaitedForByAnInterruptedThread() throws Exception {
    Files.createFile(path);
    Thread.currentThread().interrupt();

    assertThrows(KeyringException.class, () -> LockFile.acquire(path, LockFile.REAL_TIME));

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
  @DisplayName("AUTH-44 who has lost the lock meanwhile does not replace the file")
  void whoHasLostTheLockDoesNotReplaceTheFile() throws Exception {
    Path keyrings = directory.resolve("keyrings");
    SecureRandom slow =
        new SecureRandom() {
          private static final long serialVersionUID = 1L;

          @Override
          public void nextBytes(byte[] bytes) {
            super.nextBytes(bytes);
            try {
              Files.setLastModifiedTime(
                  keyrings.resolve("c.lock"), FileTime.from(Instant.ofEpochSecond(1)));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    Keyring keyring =
        Keyring.of(
            keyrings,
            Credentials.ofThisProcess().uid().orElseThrow(),
            new TestClock(1_700_000_000),
            slow);

    String message =
        assertThrows(KeyringException.class, () -> keyring.freshId(new CookieContext("c")))
            .getMessage();

    assertEquals(keyrings.resolve("c.lock") + ": was taken over by somebody else", message);
    try (Stream<Path> left = Files.list(keyrings)) {
      assertEquals(List.of(keyrings.resolve("c.lock")), left.toList());
    }
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
            new Seconds(second -> assertTrue(second <= 8)));
    long other = keyring.freshId(new CookieContext("other"));
    Files.createFile(keyrings.resolve("c.lock"));

    long id = keyring.freshId(context);

    assertTrue(keyring.secret(context, id).isPresent());
    assertFalse(Files.exists(keyrings.resolve("c.lock")));
    assertTrue(keyring.secret(new CookieContext("other"), other).isPresent());
  }
}
