package dbus.auth.keyring;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The lock of one cookie file: a file that exists while somebody writes (AUTH-42). Readers need
/// none.
///
/// A lock is free (no file), held (a file, and its maker is at work) or stale (a file whose maker
/// has died). Held and stale look the same; what tells them apart is time. A lock that stays one
/// and the same for [#PATIENCE] is stale and is deleted by whoever waits for it.
///
/// Two who wait may find a lock stale at the same moment, and the slower one must not delete the
/// new lock of the faster. So each looks again right before it deletes, and each writer looks again
/// right before it replaces the cookie file. There remains an instant between look and deed. Who
/// loses there loses a cookie, never the file: one client is rejected and tries again.
final class LockFile implements AutoCloseable {
  /// How long a lock may stay before it is taken for stale, as in libdbus.
  static final Duration PATIENCE = Duration.ofSeconds(8);

  /// After how many times its patience a writer gives up, if the lock keeps changing hands: its
  /// peer waits as well, and no longer than 30 seconds.
  private static final int PATIENCES = 2;

  private static final Duration PAUSE = Duration.ofMillis(10);

  /// One lock among those that have had the same name.
  private record Identity(@Nullable Object fileKey, FileTime made) {}

  private final Path path;
  private final Identity identity;

  private LockFile(Path path, Identity identity) {
    this.path = path;
    this.identity = identity;
  }

  /// Time, as it passes for somebody who waits.
  interface Waiting {
    long nanoTime();

    void pause() throws InterruptedException;
  }

  /// Time as it is.
  static final Waiting REAL_TIME =
      new Waiting() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void pause() throws InterruptedException {
          Thread.sleep(PAUSE);
        }
      };

  /// Waits for the lock, and breaks it if it is stale.
  ///
  /// @throws KeyringException if it cannot be had
  static LockFile acquire(Path path, Waiting waiting) throws KeyringException {
    try {
      long start = waiting.nanoTime();
      long seenSince = start;
      Optional<Identity> seen = Optional.empty();
      while (true) {
        Optional<LockFile> lock = tryAcquire(path);
        if (lock.isPresent()) {
          return lock.get();
        }
        long now = waiting.nanoTime();
        Optional<Identity> holder = identityOf(path);
        if (!holder.equals(seen)) {
          seen = holder;
          seenSince = now;
        } else if (holder.isPresent() && now - seenSince >= PATIENCE.toNanos()) {
          deleteIf(path, holder.get());
          // However long it took, whoever breaks a lock tries to get it.
          continue;
        }
        if (now - start >= PATIENCES * PATIENCE.toNanos()) {
          throw new KeyringException(path + ": is always held by somebody else");
        }
        waiting.pause();
      }
    } catch (IOException e) {
      throw new KeyringException(path + ": cannot be made: " + KeyringDirectory.reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KeyringException(path + ": interrupted while waiting for it");
    }
  }

  private static Optional<LockFile> tryAcquire(Path path) throws IOException {
    try {
      Files.createFile(path, KeyringDirectory.OF_FILE);
    } catch (FileAlreadyExistsException held) {
      return Optional.empty();
    }
    // Empty only if it was taken for stale at once, by a peer whose clock or patience is odd.
    return identityOf(path).map(identity -> new LockFile(path, identity));
  }

  /// Fails if somebody has broken this lock.
  void requireHeld() throws KeyringException, IOException {
    if (!isHeld()) {
      throw new KeyringException(path + ": was taken over by somebody else");
    }
  }

  private boolean isHeld() throws IOException {
    return identityOf(path).filter(identity::equals).isPresent();
  }

  /// Frees the lock, unless it has been broken and is somebody else's now.
  @Override
  public void close() throws KeyringException {
    try {
      deleteIf(path, identity);
    } catch (IOException e) {
      throw new KeyringException(path + ": cannot be deleted: " + KeyringDirectory.reason(e), e);
    }
  }

  private static void deleteIf(Path path, Identity identity) throws IOException {
    if (identityOf(path).filter(identity::equals).isPresent()) {
      Files.deleteIfExists(path);
    }
  }

  private static Optional<Identity> identityOf(Path path) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return Optional.of(new Identity(attributes.fileKey(), attributes.lastModifiedTime()));
    } catch (NoSuchFileException free) {
      return Optional.empty();
    }
  }
}
