package dbus.server.listening;

import dbus.address.RandomName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A new directory that only its owner may enter, so that nobody can put something else in the
/// place of what is made in it.
final class PrivateDirectory {

  private static final Logger LOG = System.getLogger(PrivateDirectory.class.getName());

  private PrivateDirectory() {}

  /// Makes one.
  ///
  /// @param prefix of its name; the rest is random
  /// @param letters how many random ones
  /// @throws IOException if there can be none; it tells of the parent, since the name of what was
  ///   to be in it means nothing to anybody
  static Path make(Path parent, String prefix, int letters) throws IOException {
    var onlyOwner =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    while (true) {
      try {
        return Files.createDirectory(parent.resolve(prefix + RandomName.of(letters)), onlyOwner);
      } catch (FileAlreadyExistsException taken) {
        LOG.log(Level.DEBUG, "the name of a private directory is taken; drawing another", taken);
      } catch (FileSystemException e) {
        throw about(parent, e);
      }
    }
  }

  private static FileSystemException about(Path parent, FileSystemException e) {
    String why = "nothing can be made in this directory: ";
    FileSystemException told =
        switch (e) {
          case AccessDeniedException _ ->
              new AccessDeniedException(parent.toString(), null, why + "permission denied");
          case NoSuchFileException _ ->
              new NoSuchFileException(parent.toString(), null, why + "it is not there");
          default -> new FileSystemException(parent.toString(), null, why + e.getReason());
        };
    told.initCause(e);
    return told;
  }
}
