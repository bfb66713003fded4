package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/// Who is at the other end of a unix socket of the JDK.
///
/// The JDK knows the number of the peer's user, and does not tell it: a [UserPrincipal] has a name,
/// which proves nothing (SEC-22), but is equal to another one only if their numbers are. So the
/// peer's can be compared to one that is this process's own user for certain: the owner of a file
/// whose owner has the number of this process. Every other user remains unknown.
final class SocketUser {

  private static final Logger LOG = System.getLogger(SocketUser.class.getName());

  private SocketUser() {}

  /// The user of this process, or [Credentials#UNKNOWN].
  static Credentials of(SocketChannel channel) {
    Credentials own = Credentials.ofThisProcess();
    if (own.uid().isEmpty()) {
      return Credentials.UNKNOWN;
    }
    long uid = own.uid().getAsLong();
    try {
      UserPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
      for (Path file : ownFiles()) {
        if (belongsTo(uid, file) && Files.getOwner(file).equals(peer)) {
          return Credentials.ofUid(uid);
        }
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(Level.DEBUG, "the user of a peer is unknown", e);
    }
    return Credentials.UNKNOWN;
  }

  private static List<Path> ownFiles() {
    return List.of(Path.of("/proc/self"), Path.of(System.getProperty("user.home", "/")));
  }

  private static boolean belongsTo(long uid, Path file) {
    try {
      return Files.getAttribute(file, "unix:uid") instanceof Integer owner
          && Integer.toUnsignedLong(owner) == uid;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
