package dbus.server.listening;

import dbus.address.Environment;
import dbus.server.listening.Leftovers.Leftover;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// 16 random bytes in a file that only the user of this process can read: who shows them is that
/// user, or was told by it.
///
/// The file stands in a directory of its own that only its owner may enter, so that nobody can put
/// another one in its place. It is in the runtime directory of the user where there is one, since
/// what lies in a directory for temporary files may be cleaned away while the server runs.
final class NonceFile implements Leftover {

  /// D-Bus Specification, "Nonce-authenticated TCP Sockets".
  static final int BYTES = 16;

  private final byte[] nonce;
  private final Path directory;
  private final Path path;

  /// The device and inode of the file that was made.
  private final @Nullable Object key;

  private final Leftovers leftovers;

  private NonceFile(
      byte[] nonce, Path directory, Path path, @Nullable Object key, Leftovers leftovers) {
    this.nonce = nonce;
    this.directory = directory;
    this.path = path;
    this.key = key;
    this.leftovers = leftovers;
  }

  /// Makes a new one.
  ///
  /// @param leftovers where it belongs until it is removed
  static NonceFile create(Environment environment, Leftovers leftovers) throws IOException {
    byte[] nonce = new byte[BYTES];
    new SecureRandom().nextBytes(nonce);
    Path directory = PrivateDirectory.make(home(environment), "dbus-nonce-", 10);
    Path path = directory.resolve("nonce");
    Leftover inProgress = () -> clear(path, directory);
    Leftovers.REMOVED.add(inProgress);
    try {
      Set<StandardOpenOption> exclusively =
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel file = FileChannel.open(path, exclusively, mode("rw-------"))) {
        ByteBuffer bytes = ByteBuffer.wrap(nonce);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
      NonceFile made = new NonceFile(nonce, directory, path, keyOf(path), leftovers);
      leftovers.add(made);
      return made;
    } catch (IOException | RuntimeException e) {
      clear(path, directory);
      throw e;
    } finally {
      Leftovers.REMOVED.drop(inProgress);
    }
  }

  private static void clear(Path path, Path directory) throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(directory);
  }

  private static Path home(Environment environment) {
    return environment
        .variable("XDG_RUNTIME_DIR")
        .map(Path::of)
        .filter(Path::isAbsolute)
        .filter(Files::isWritable)
        .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
  }

  private static FileAttribute<?> mode(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  private static Optional<Object> keyIfThere(Path path) throws IOException {
    try {
      return Optional.ofNullable(keyOf(path));
    } catch (NoSuchFileException goneAlready) {
      return Optional.empty();
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /// What a peer has to show; not to be changed.
  byte[] nonce() {
    return nonce;
  }

  /// Where clients read it; absolute.
  Path path() {
    return path;
  }

  /// Removes the file if it still is the one that was made here, and its directory if that is empty
  /// then.
  @Override
  public void remove() throws IOException {
    leftovers.drop(this);
    Optional<Object> there = keyIfThere(path);
    if (there.isPresent() && !there.get().equals(key)) {
      return;
    }
    clear(path, directory);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
