package dbus.auth.keyring;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The directory that holds the cookie files, and the way to read and to replace one of them.
///
/// Nothing in it is believed before the directory was checked: it is a directory and not a link to
/// one, it belongs to the user, and nobody else may enter it (AUTH-40, SEC-18). Then only the user
/// can have put anything there; its files are checked as well, against accidents. Who may rename
/// the directory itself, that is who may write to the one above it, is trusted, as it is by others.
final class KeyringDirectory {
  /// Many times what 256 cookies take; libdbus has the same limit.
  static final int MOST_BYTES = 1 << 20;

  private static final FileAttribute<Set<PosixFilePermission>> OF_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  static final FileAttribute<Set<PosixFilePermission>> OF_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  // From sys/stat.h.
  private static final int TYPE = 0170000;
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_LINK = 0120000;
  private static final int OTHERS = 0077;
  private static final int WRITABLE_BY_OTHERS = 0022;

  private final Path path;
  private final long uid;
  private final SecureRandom random;

  /// @param uid the user whom the directory and its files must belong to
  KeyringDirectory(Path path, long uid, SecureRandom random) {
    this.path = path;
    this.uid = uid;
    this.random = random;
  }

  /// Whether the directory is there, and if so, whether it is safe.
  ///
  /// @throws KeyringException if it is there and is not safe
  boolean exists() throws KeyringException {
    return check(path, TYPE_DIRECTORY, "directory", OTHERS);
  }

  /// Makes the directory if it is missing, and checks it.
  void create() throws KeyringException {
    if (exists()) {
      return;
    }
    try {
      Files.createDirectory(path, OF_DIRECTORY);
    } catch (FileAlreadyExistsException madeMeanwhile) {
      // By another process of the user, or by somebody whom the check will find.
    } catch (IOException e) {
      throw new KeyringException(path + ": cannot make the directory: " + reason(e), e);
    }
    if (!exists()) {
      throw new KeyringException(path + ": disappeared right after it was made");
    }
  }

  /// The file of a context, with its lock beside it.
  Path file(CookieContext context) {
    return path.resolve(context.name());
  }

  Path lock(CookieContext context) {
    return path.resolve(context.name() + ".lock");
  }

  /// The bytes of a file, which the caller overwrites; none if the file is missing.
  ///
  /// @throws KeyringException if the file is not safe, too large, or cannot be read
  byte[] read(CookieContext context) throws KeyringException {
    Path file = file(context);
    if (!check(file, TYPE_FILE, "regular file", WRITABLE_BY_OTHERS)) {
      return new byte[0];
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      long size = channel.size();
      if (size > MOST_BYTES) {
        throw new KeyringException(file + ": " + size + " bytes, more than " + MOST_BYTES);
      }
      byte[] bytes = new byte[(int) size];
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          // Files are replaced, never rewritten in place; a reader who cuts one short is a
          // stranger.
          throw new EOFException("became shorter while it was read");
        }
      }
      return bytes;
    } catch (NoSuchFileException removedMeanwhile) {
      return new byte[0];
    } catch (IOException e) {
      throw new KeyringException(file + ": cannot be read: " + reason(e), e);
    }
  }

  /// Puts a new file in the place of the old one, at once for all readers (AUTH-44).
  ///
  /// @param lock which must still be held right before
  void replace(CookieContext context, byte[] bytes, LockFile lock) throws KeyringException {
    Path file = file(context);
    byte[] unique = new byte[8];
    random.nextBytes(unique);
    // No context has a dot in its name, so this cannot be the file of another one.
    Path temporary = path.resolve(context.name() + "." + HexFormat.of().formatHex(unique));
    try {
      try {
        write(temporary, bytes);
        lock.requireHeld();
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new KeyringException(file + ": cannot be replaced: " + reason(e), e);
    }
  }

  private static void write(Path temporary, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            temporary, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), OF_FILE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      // Else a crash may leave an empty file under the name.
      channel.force(true);
    }
  }

  /// Whether the path is there. If it is, it must be of the type, of the user, and without these
  /// permissions.
  private boolean check(Path what, int type, String typeName, int forbidden)
      throws KeyringException {
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(what, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException missing) {
      return false;
    } catch (IOException e) {
      throw new KeyringException(what + ": cannot be checked: " + reason(e), e);
    }
    int mode = (int) Objects.requireNonNull(attributes.get("mode"));
    long owner = Integer.toUnsignedLong((int) Objects.requireNonNull(attributes.get("uid")));
    if ((mode & TYPE) != type) {
      throw new KeyringException(
          what
              + ((mode & TYPE) == TYPE_LINK ? ": is a symbolic link" : ": is something else")
              + ", must be a "
              + typeName);
    }
    if (owner != uid) {
      throw new KeyringException(what + ": belongs to uid " + owner + ", must belong to " + uid);
    }
    if ((mode & forbidden) != 0) {
      throw new KeyringException(
          what + ": has mode %04o, must not have any of %04o".formatted(mode & 07777, forbidden));
    }
    return true;
  }

  static String reason(IOException e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName() + (message == null ? "" : " " + message);
  }
}
