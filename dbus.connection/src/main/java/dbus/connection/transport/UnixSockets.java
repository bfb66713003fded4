package dbus.connection.transport;

import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.UnixAbstract;
import dbus.connection.descriptor.NativeAccess;
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
                + " descriptors. Its native library takes the option "
                + NativeAccess.option());
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
    return areOfJdk() ? ChannelAcceptor.bind(path) : UnixSocketAcceptor.bind(path);
  }

  /// Binds a new socket to an abstract name, of exactly its length, and listens.
  ///
  /// @throws AddressException as [AddressError#NOT_SUPPORTED] if these are the sockets of the JDK
  /// @throws IOException if the name is taken, among other reasons
  public Acceptor bind(UnixAbstract address) throws IOException {
    if (areOfJdk()) {
      throw noAbstractNames(address);
    }
    return UnixSocketAcceptor.bindAbstract(address.name().bytes());
  }

  static AddressException noAbstractNames(UnixAbstract address) {
    return new AddressException(
        AddressError.NOT_SUPPORTED,
        address.toString(),
        0,
        "the unix sockets of the JDK have no abstract names",
        "use unix:path, or junixsocket with its native library");
  }
}
