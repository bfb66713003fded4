package dbus.connection.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXSocket;

/// Which unix sockets are used: those of junixsocket, which needs a native library, or those of the
/// JDK.
///
/// | | junixsocket | JDK |
/// |---|---|---|
/// | file descriptors | pass | do not pass |
/// | abstract names | yes | no |
/// | credentials of the peer | user, group, process | the user, if it is this process's own |
public enum UnixSockets {

  /// Those of junixsocket where its native library can be loaded, else those of the JDK.
  AUTOMATIC,

  /// Those of junixsocket.
  JUNIXSOCKET,

  /// Those of the JDK.
  JDK;

  private static final Logger LOG = System.getLogger(UnixSockets.class.getName());

  /// Apart, so that nothing is loaded before somebody asks.
  private static final class Native {
    static final boolean LOADS = loads();

    private static boolean loads() {
      boolean loads;
      try {
        loads = AFUNIXSocket.isSupported();
      } catch (LinkageError missing) {
        LOG.log(Level.DEBUG, "junixsocket is not there", missing);
        loads = false;
      }
      if (!loads) {
        LOG.log(
            Level.INFO,
            "junixsocket cannot be loaded; the unix sockets of the JDK are used, which pass no file"
                + " descriptors");
      }
      return loads;
    }
  }

  /// Whether these are the sockets of the JDK, in this process.
  public boolean areOfJdk() {
    return this == JDK || (this == AUTOMATIC && !Native.LOADS);
  }

  /// Binds a new socket to a path, and listens. What mode the file has at first is not said: give
  /// it the right one before somebody can reach it.
  ///
  /// @throws IOException if something is at the path already, among other reasons
  public Acceptor bind(Path path) throws IOException {
    return areOfJdk() ? JdkUnixSocketAcceptor.bind(path) : UnixSocketAcceptor.bind(path);
  }
}
