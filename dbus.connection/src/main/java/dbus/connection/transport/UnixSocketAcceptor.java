package dbus.connection.transport;

import dbus.connection.descriptor.Descriptors;
import dbus.connection.descriptor.LinuxSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/// A listening unix socket. It leaves the file system alone, but for making the socket's file.
public final class UnixSocketAcceptor implements Acceptor {

  private static final Logger LOG = System.getLogger(UnixSocketAcceptor.class.getName());

  /// More than the kernel allows: it takes its own limit, `SOMAXCONN`.
  private static final int BACKLOG = 1 << 16;

  /// Owns the socket, so that it is not closed as garbage.
  private final AFUNIXServerSocketChannel bound;

  /// The same socket once more. A channel that has bound a path accepts only while its file stands
  /// there, and the file is its owner's to move; this one knows of none.
  private final AFUNIXServerSocketChannel accepting;

  /// Held by the thread that waits for a peer with the functions of Linux. The kernel may give the
  /// number of a closed socket to another one at once, so closing shuts the socket down, which ends
  /// that wait, and gives the number back when that thread has left.
  private final ReentrantLock waiting = new ReentrantLock();

  /// Of its descriptor, until it is closed. To ask for it takes junixsocket a few system calls.
  private final int number;

  /// Under `waiting`.
  private boolean closed;

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
    AFUNIXServerSocketChannel bound = AFUNIXServerSocketChannel.open();
    try {
      // By default junixsocket takes the path from a live server, and deletes a file that is there.
      bound.socket().setReuseAddress(false);
      bound.setDeleteOnClose(false);
      bound.bind(AFUNIXSocketAddress.of(path), BACKLOG);
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
    return LinuxSocket.isSupported() ? acceptOnLinux() : acceptAnywhere();
  }

  private Transport acceptOnLinux() throws IOException {
    LinuxSocket accepted;
    waiting.lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      accepted = LinuxSocket.accept(number);
    } finally {
      waiting.unlock();
    }
    return LinuxSocketEndpoint.transport(accepted);
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

  @Override
  public void close() {
    try {
      if (LinuxSocket.isSupported()) {
        LinuxSocket.shutdown(accepting.getFileDescriptor());
        waiting.lock();
        closed = true;
      }
      closeBoth();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a listening socket failed", e);
    } finally {
      if (waiting.isHeldByCurrentThread()) {
        waiting.unlock();
      }
    }
  }

  private void closeBoth() throws IOException {
    try (bound;
        accepting) {
      LOG.log(Level.TRACE, "closing {0}", bound);
    }
  }
}
