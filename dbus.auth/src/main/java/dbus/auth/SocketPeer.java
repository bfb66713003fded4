package dbus.auth;

import dbus.auth.HomeDirectory.Answer.Found;
import java.io.IOException;
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
final class SocketPeer {
  private SocketPeer() {}

  static Credentials of(SocketChannel channel, OwnUser self) {
    Credentials own = self.get();
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
    } catch (IOException | UnsupportedOperationException unknown) {
      // No unix socket, or a platform that does not tell: it is nobody's same user.
      return Credentials.UNKNOWN;
    }
    return Credentials.UNKNOWN;
  }

  private static List<Path> ownFiles() {
    Path process = Path.of("/proc/self");
    return HomeDirectory.OF_THIS_PROCESS.find() instanceof Found(Path home)
        ? List.of(process, home)
        : List.of(process);
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
