package dbus.connection.transport;

import dbus.auth.Credentials;
import dbus.connection.descriptor.Descriptors;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import org.newsclub.net.unix.AFServerSocketChannel;
import org.newsclub.net.unix.AFSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/// A listening socket that another process has made, and may still have: systemd keeps it, and goes
/// on listening when this process is gone.
///
/// So it is never shut down, which would end it for that process as well, and which closing a
/// channel of junixsocket does. A wait for peers is ended by a selector instead; then the thread
/// that waited gives the descriptor back, and nobody else, so that its number is never used again
/// after that.
final class InheritedAcceptor implements Acceptor {

  private static final Logger LOG = System.getLogger(InheritedAcceptor.class.getName());

  private final FileDescriptor descriptor;

  /// Never closed.
  private final AFServerSocketChannel<?> listening;

  private final Selector selector;

  /// Who came while the socket was being looked at.
  private Optional<AFSocketChannel<?>> first;

  // Both under the lock of this acceptor.
  private boolean accepting;
  private boolean closed;

  private InheritedAcceptor(
      FileDescriptor descriptor,
      AFServerSocketChannel<?> listening,
      Selector selector,
      Optional<AFSocketChannel<?>> first) {
    this.descriptor = descriptor;
    this.listening = listening;
    this.selector = selector;
    this.first = first;
  }

  /// Takes over a descriptor.
  ///
  /// @param descriptor of a stream socket; on an exception it is still the caller's
  /// @throws IOException if it does not listen
  static InheritedAcceptor of(FileDescriptor descriptor) throws IOException {
    // What is given by its descriptor has no name here, and no file that it would look after.
    AFServerSocketChannel<?> listening =
        FileDescriptorCast.using(descriptor).as(AFServerSocketChannel.class);
    listening.configureBlocking(false);
    Selector selector = null;
    try {
      Optional<AFSocketChannel<?>> first = first(listening);
      selector = listening.provider().openSelector();
      listening.register(selector, SelectionKey.OP_ACCEPT);
      return new InheritedAcceptor(descriptor, listening, selector, first);
    } catch (IOException | RuntimeException e) {
      if (selector != null) {
        selector.close();
      } else {
        listening.configureBlocking(true);
      }
      throw e;
    }
  }

  /// Only a socket that listens can be asked this.
  private static Optional<AFSocketChannel<?>> first(AFServerSocketChannel<?> listening)
      throws IOException {
    try {
      return Optional.ofNullable(listening.accept());
    } catch (IOException e) {
      throw new SocketException("it is not connected, and does not listen: " + e.getMessage());
    }
  }

  /// The name of the socket.
  SocketAddress localAddress() throws IOException {
    return listening.getLocalAddress();
  }

  @Override
  public Transport accept() throws IOException {
    synchronized (this) {
      if (closed) {
        throw new ClosedChannelException();
      }
      accepting = true;
    }
    try {
      AFSocketChannel<?> peer = next();
      try {
        return transport(peer);
      } catch (IOException | RuntimeException e) {
        peer.close();
        throw e;
      }
    } finally {
      leave();
    }
  }

  private AFSocketChannel<?> next() throws IOException {
    if (first.isPresent()) {
      AFSocketChannel<?> peer = first.get();
      first = Optional.empty();
      return peer;
    }
    while (true) {
      selector.select();
      selector.selectedKeys().clear();
      if (isClosed()) {
        throw new AsynchronousCloseException();
      }
      AFSocketChannel<?> peer = listening.accept();
      // Another process that has this socket may have been faster.
      if (peer != null) {
        return peer;
      }
    }
  }

  private static Transport transport(AFSocketChannel<?> peer) throws IOException {
    if (peer instanceof AFUNIXSocketChannel unix) {
      return JunixSocket.transport(unix);
    }
    return ConnectedDescriptor.overInet(
        peer, peer.getFileDescriptor(), Credentials.UNKNOWN, remoteAddress(peer));
  }

  private static Optional<SocketAddress> remoteAddress(AFSocketChannel<?> peer) {
    try {
      return Optional.of(InheritedSockets.inetAddress(peer.getRemoteAddress()));
    } catch (IOException | RuntimeException unknown) {
      // It has gone again already, for one.
      LOG.log(Level.DEBUG, "the address of a peer is unknown", unknown);
      return Optional.empty();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void leave() {
    accepting = false;
    if (closed) {
      release();
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (accepting) {
      selector.wakeup();
    } else {
      release();
    }
  }

  private void release() {
    try {
      selector.close();
      if (first.isPresent()) {
        first.get().close();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a selector failed", e);
    }
    Descriptors.close(descriptor);
  }
}
