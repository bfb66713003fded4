package dbus.connection.transport;

import dbus.connection.descriptor.Descriptors;
import dbus.connection.descriptor.LinuxSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/// A listening unix socket. It leaves the file system alone, but for making the socket's file.
public final class UnixSocketAcceptor implements Acceptor {

  private static final Logger LOG = System.getLogger(UnixSocketAcceptor.class.getName());

  /// Owns the socket, so that it is not closed as garbage.
  private final AFUNIXServerSocketChannel bound;

  /// The same socket once more. A channel that has bound a path accepts only while its file stands
  /// there, and the file is its owner's to move; this one knows of none.
  private final AFUNIXServerSocketChannel accepting;

  private final AcceptTurn turn = new AcceptTurn();

  /// Of its descriptor, until it is closed. To ask for it takes junixsocket a few system calls.
  private final int number;

  private UnixSocketAcceptor(AFUNIXServerSocketChannel bound, AFUNIXServerSocketChannel accepting)
      throws IOException {
    this.bound = bound;
    this.accepting = accepting;
    this.number = Descriptors.number(accepting.getFileDescriptor());
  }

  /// Binds a new socket to a path, and listens. The file that it makes has mode 0666, whatever the
  /// umask.
  ///
  /// @throws IOException if something is at the path already, among other reasons
  public static UnixSocketAcceptor bind(Path path) throws IOException {
    return bind(AFUNIXSocketAddress.of(path));
  }

  /// Binds a new socket to an abstract name, and listens.
  ///
  /// @param name without the NUL that Linux has in front
  /// @throws IOException if another socket has the name, among other reasons
  static UnixSocketAcceptor bindAbstract(byte[] name) throws IOException {
    return bind(JunixSocket.abstractName(name));
  }

  private static UnixSocketAcceptor bind(AFUNIXSocketAddress name) throws IOException {
    AFUNIXServerSocketChannel bound = AFUNIXServerSocketChannel.open();
    try {
      // By default junixsocket takes the path from a live server, and deletes a file that is there.
      bound.socket().setReuseAddress(false);
      bound.setDeleteOnClose(false);
      bound.bind(name, ChannelAcceptor.BACKLOG);
      return new UnixSocketAcceptor(
          bound,
          FileDescriptorCast.using(bound.getFileDescriptor()).as(AFUNIXServerSocketChannel.class));
    } catch (IOException | RuntimeException e) {
      bound.close();
      throw e;
    }
  }

  @Override
  public Transport accept() throws IOException {
    return turn.take(LinuxSocket.isSupported() ? this::acceptOnLinux : this::acceptAnywhere);
  }

  private Transport acceptOnLinux() throws IOException {
    LinuxSocket accepted = LinuxSocket.accept(number);
    try {
      return LinuxSocketEndpoint.transport(
          accepted, accepted.peer(), RemoteAddress.ofUnix(accepted.peerName()));
    } catch (RuntimeException | Error e) {
      accepted.close();
      throw e;
    }
  }

  private Transport acceptAnywhere() throws IOException {
    AFUNIXSocketChannel accepted = accepting.accept();
    try {
      return JunixSocket.transport(accepted);
    } catch (IOException | RuntimeException e) {
      accepted.close();
      throw e;
    }
  }

  /// The kernel may give the number of a closed socket to another one at once. So with the
  /// functions of Linux it is shut down first, which ends the wait, and given back when the thread
  /// that waited has left.
  @Override
  public synchronized void close() {
    try {
      if (LinuxSocket.isSupported()) {
        LinuxSocket.shutdown(accepting.getFileDescriptor());
        if (!turn.awaitEnd()) {
          // A number that is never used again harms less than one that is used by two.
          return;
        }
      }
      closeBoth();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a listening socket failed", e);
    }
    var _ = turn.awaitEnd();
  }

  private void closeBoth() throws IOException {
    try (bound;
        accepting) {
      LOG.log(Level.TRACE, "closing {0}", bound);
    }
  }
}
