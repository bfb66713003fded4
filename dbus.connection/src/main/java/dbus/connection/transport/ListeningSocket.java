package dbus.connection.transport;

import dbus.address.Address;
import dbus.address.IpFamily;
import dbus.address.Tcp;
import dbus.address.UnixPath;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/// A socket that somebody else has made and bound, and that a server accepts peers at.
///
/// @param acceptor of its peers
/// @param address what its name is to a client, without a guid. A socket of all addresses of this
///   machine has the loopback address of its family
/// @param beyondThisMachine whether it has an address that other machines may reach
public record ListeningSocket(Acceptor acceptor, Address address, boolean beyondThisMachine) {

  /// Takes over a channel that is bound, of the JDK or of junixsocket. It is set to blocking mode,
  /// and belongs to the acceptor then; on an exception it is still the caller's.
  ///
  /// @throws IOException if it is closed, or not bound to something that has a D-Bus address
  /// @throws java.nio.channels.IllegalBlockingModeException if it is registered with a selector
  public static ListeningSocket of(ServerSocketChannel channel) throws IOException {
    SocketAddress local = channel.getLocalAddress();
    if (local == null) {
      throw new SocketException("a channel to listen on must be bound: " + channel);
    }
    channel.configureBlocking(true);
    if (ChannelAcceptor.isOfJunixsocket(channel)) {
      JunixSocket.keepFile(channel);
    }
    Acceptor acceptor = new ChannelAcceptor(channel);
    return switch (local) {
      // Whose class says that it is of the internet protocol, whatever it is.
      case SocketAddress other when ChannelAcceptor.isOfJunixsocket(other) ->
          new ListeningSocket(acceptor, JunixSocket.addressOf(other), false);
      case InetSocketAddress inet -> named(acceptor, inet);
      case UnixDomainSocketAddress unix when !unix.getPath().toString().isEmpty() ->
          new ListeningSocket(acceptor, UnixPath.of(unix.getPath()), false);
      default -> throw new SocketException("clients cannot be told where this is: " + local);
    };
  }

  /// Takes over descriptors that this process was started with, as systemd hands them over. They
  /// are close-on-exec then. Whoever has started this process may still have the sockets: closing
  /// the acceptors does not end them.
  ///
  /// It takes junixsocket with its native library.
  ///
  /// @param first the number of the first descriptor
  /// @param count how many there are
  /// @throws IOException if one of them is not a unix or internet stream socket that listens; it
  ///   tells the number. Then nothing is taken over. For one that has a peer already there is
  ///   [InheritedSocket#take(int, int)]
  public static List<ListeningSocket> inherited(int first, int count) throws IOException {
    return InheritedSockets.take(first, count, InheritedSockets.Wanted.LISTENING).stream()
        .map(ListeningSocket::listening)
        .toList();
  }

  private static ListeningSocket listening(InheritedSocket taken) {
    return switch (taken) {
      case InheritedSocket.Listening(ListeningSocket socket) -> socket;
      case InheritedSocket.Connected _ -> throw new AssertionError("it was asked to listen");
    };
  }

  static ListeningSocket named(Acceptor acceptor, InetSocketAddress local) {
    InetAddress host = local.getAddress();
    IpFamily family = host instanceof Inet4Address ? IpFamily.IPV4 : IpFamily.IPV6;
    return new ListeningSocket(
        acceptor,
        Tcp.of(clientHost(host, family), local.getPort()).withFamily(family),
        !host.isLoopbackAddress());
  }

  private static String clientHost(InetAddress host, IpFamily family) {
    if (!host.isAnyLocalAddress()) {
      return host.getHostAddress();
    }
    return family == IpFamily.IPV4 ? "127.0.0.1" : "::1";
  }
}
