package dbus.server.listening;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.Set;

/// Who may connect to a unix socket, as far as its file says so: it takes the permission to write.
///
/// @param mode of the file, whatever the umask is
/// @param owner a name or a number; empty for the user of this process
/// @param group a name or a number; empty for the one that the system gives a new file
public record SocketFileAccess(
    Set<PosixFilePermission> mode, Optional<String> owner, Optional<String> group) {

  /// Copies the mode.
  public SocketFileAccess {
    mode = Set.copyOf(mode);
  }

  /// A mode such as `rw-rw----`.
  public static SocketFileAccess ofMode(String mode) {
    return new SocketFileAccess(
        PosixFilePermissions.fromString(mode), Optional.empty(), Optional.empty());
  }

  /// Gives it to a file that nobody else can reach yet.
  void applyTo(Path file) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    UserPrincipalLookupService known = file.getFileSystem().getUserPrincipalLookupService();
    // The group first: who has given a file away cannot give it a group any more.
    if (group.isPresent()) {
      view.setGroup(found("group", group.get(), known::lookupPrincipalByGroupName));
    }
    Files.setPosixFilePermissions(file, mode);
    if (owner.isPresent()) {
      view.setOwner(found("user", owner.get(), known::lookupPrincipalByName));
    }
  }

  private interface Lookup<P> {
    P find(String name) throws IOException;
  }

  private static <P> P found(String kind, String name, Lookup<P> lookup) throws IOException {
    try {
      return lookup.find(name);
    } catch (UserPrincipalNotFoundException e) {
      throw new IOException("there is no %s \"%s\"".formatted(kind, name), e);
    }
  }
}
