package dbus.connection.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/// A listening socket of the internet protocol. Whoever can reach it may connect, and whoever is on
/// the way can read and change what is said: see to it that this is nobody on another machine.
public final class TcpAcceptor implements Acceptor {

  private final ChannelAcceptor acceptor;
  private final int port;

  private TcpAcceptor(ServerSocketChannel bound) throws IOException {
    this.acceptor = new ChannelAcceptor(bound);
    this.port = ((InetSocketAddress) bound.getLocalAddress()).getPort();
  }

  /// Binds a new socket to an address of this machine, and listens.
  ///
  /// @param host the one address, or that which means all of its family. Where that is of version
  ///   6, the socket takes those of version 4 as well
  /// @param port 0 lets the system choose
  /// @throws BindException if the port is taken, or there is no such address here
  public static TcpAcceptor bind(InetAddress host, int port) throws IOException {
    ServerSocketChannel channel = open(host);
    try {
      // A port is free again at once when its server is gone, though connections linger.
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return new TcpAcceptor(
          channel.bind(new InetSocketAddress(host, port), ChannelAcceptor.BACKLOG));
    } catch (BindException e) {
      channel.close();
      throw named(host, port, String.valueOf(e.getMessage()), e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static ServerSocketChannel open(InetAddress host) throws IOException {
    try {
      return ServerSocketChannel.open(
          host instanceof Inet4Address
              ? StandardProtocolFamily.INET
              : StandardProtocolFamily.INET6);
    } catch (UnsupportedOperationException e) {
      throw named(host, 0, "this machine does not have its family", e);
    }
  }

  private static BindException named(InetAddress host, int port, String why, Exception cause) {
    BindException failure =
        new BindException("%s, port %s: %s".formatted(host.getHostAddress(), port, why));
    failure.initCause(cause);
    return failure;
  }

  /// The port that it has.
  public int port() {
    return port;
  }

  @Override
  public Transport accept() throws IOException {
    return acceptor.accept();
  }

  @Override
  public void close() {
    acceptor.close();
  }
}
