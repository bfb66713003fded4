package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// A listening channel in blocking mode, of the JDK or of whoever else makes such channels. It
/// leaves the file system alone, but for making a unix socket's file.
final class ChannelAcceptor implements Acceptor {

  private static final Logger LOG = System.getLogger(ChannelAcceptor.class.getName());

  /// More than the kernel allows: it takes its own limit, `SOMAXCONN`.
  static final int BACKLOG = 1 << 16;

  private final ServerSocketChannel listening;
  private final AcceptTurn turn = new AcceptTurn();

  /// @param listening bound, and from now on this acceptor's
  ChannelAcceptor(ServerSocketChannel listening) {
    this.listening = listening;
  }

  static ChannelAcceptor bind(Path path) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return new ChannelAcceptor(channel.bind(UnixDomainSocketAddress.of(path), BACKLOG));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Transport accept() throws IOException {
    return turn.take(this::next);
  }

  private Transport next() throws IOException {
    SocketChannel peer = listening.accept();
    try {
      return transport(peer);
    } catch (IOException | RuntimeException e) {
      peer.close();
      throw e;
    }
  }

  static Transport transport(SocketChannel peer) throws IOException {
    if (isOfJunixsocket(peer)) {
      return JunixSocket.transport(peer);
    }
    if (peer.getLocalAddress() instanceof UnixDomainSocketAddress) {
      return ChannelTransport.of(peer, Credentials.ofPeer(peer));
    }
    // Messages are small and are waited for.
    peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return ChannelTransport.of(peer);
  }

  /// By its name, since the class may not be there.
  static boolean isOfJunixsocket(Object channel) {
    return channel.getClass().getName().startsWith("org.newsclub.net.unix.");
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a listening socket failed", e);
    }
    var _ = turn.awaitEnd();
  }
}
