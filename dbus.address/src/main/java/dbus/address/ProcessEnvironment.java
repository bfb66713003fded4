package dbus.address;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;

/// The environment and the file system of this process.
final class ProcessEnvironment implements Environment {
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  /// On Linux it belongs to the user of the process.
  private static final Path SELF = Path.of("/proc/self");

  @Override
  public Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }

  @Override
  public boolean isOwnSocket(Path path) {
    try {
      int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      return (mode & FILE_TYPE) == SOCKET
          && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(self(path));
    } catch (IOException | UnsupportedOperationException _) {
      // There is no such file, or no such thing as a socket file: in no case one of our own.
      return false;
    }
  }

  private static UserPrincipal self(Path path) throws IOException {
    return Files.exists(SELF)
        ? Files.getOwner(SELF)
        : path.getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(System.getProperty("user.name"));
  }
}
