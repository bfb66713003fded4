package dbus.connection.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// A listening unix socket of the JDK. It leaves the file system alone, but for making the socket's
/// file.
final class JdkUnixSocketAcceptor implements Acceptor {

  private static final Logger LOG = System.getLogger(JdkUnixSocketAcceptor.class.getName());

  /// More than the kernel allows: it takes its own limit, `SOMAXCONN`.
  private static final int BACKLOG = 1 << 16;

  private final ServerSocketChannel listening;

  private JdkUnixSocketAcceptor(ServerSocketChannel listening) {
    this.listening = listening;
  }

  static JdkUnixSocketAcceptor bind(Path path) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return new JdkUnixSocketAcceptor(channel.bind(UnixDomainSocketAddress.of(path), BACKLOG));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Transport accept() throws IOException {
    SocketChannel peer = listening.accept();
    return ChannelTransport.of(peer, SocketUser.of(peer));
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a listening socket failed", e);
    }
  }
}
