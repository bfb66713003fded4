package dbus.connection.transport;

import dbus.address.Address;
import dbus.address.AddressValue;
import dbus.address.UnixAbstract;
import dbus.address.UnixPath;
import dbus.auth.Credentials;
import dbus.connection.descriptor.LinuxSocket;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

/// Connects with a unix socket of junixsocket.
///
/// Only this class, [UnixSocketAcceptor], [UnixSocketEndpoint], [InheritedAcceptor],
/// [InheritedSockets] and [ConnectedDescriptor] pass its classes on as another type, and all of
/// them are loaded only where these are there: the JVM looks such classes up before it runs any of
/// the class that passes them on.
final class JunixSocket {

  private static final Logger LOG = System.getLogger(JunixSocket.class.getName());

  private JunixSocket() {}

  static Transport connectToPath(byte[] path, Duration limit) throws IOException {
    return connect(AFUNIXSocketAddress.of(path), limit);
  }

  static Transport connectToAbstract(byte[] name, Duration limit) throws IOException {
    return connect(abstractName(name), limit);
  }

  static AFUNIXSocketAddress abstractName(byte[] name) throws IOException {
    return AFUNIXSocketAddress.of(
        ByteBuffer.allocate(name.length + 1).put((byte) 0).put(name).array());
  }

  /// What clients connect to.
  ///
  /// @param name of a socket of junixsocket
  static Address addressOf(SocketAddress name) throws IOException {
    byte[] bytes = name instanceof AFUNIXSocketAddress unix ? unix.getPathAsBytes() : new byte[0];
    if (bytes.length == 0) {
      throw new SocketException("clients cannot be told where this is: " + name);
    }
    return bytes[0] == 0
        ? new UnixAbstract(
            AddressValue.of(Arrays.copyOfRange(bytes, 1, bytes.length)), Map.of(), Optional.empty())
        : new UnixPath(AddressValue.of(bytes), Map.of(), Optional.empty());
  }

  private static Transport connect(AFUNIXSocketAddress address, Duration limit) throws IOException {
    AFUNIXSocketChannel channel = AFUNIXSocketChannel.open();
    try {
      channel.socket().connect(address, Connector.millis(limit.toNanos()));
      return transport(channel, RemoteAddress.ofUnix(address.getPathAsBytes()));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Takes over a connected socket, and asks the kernel who the peer is.
  ///
  /// @throws IOException if there are too many descriptors; the socket is still the caller's then
  static Transport transport(AFUNIXSocketChannel channel) throws IOException {
    return transport(channel, remoteAddress(channel));
  }

  /// As the other of this name.
  ///
  /// @param owner is closed instead of the channel
  /// @param peer who it is; empty to ask the kernel
  static Transport transport(
      AFUNIXSocketChannel channel, Closeable owner, Optional<Credentials> peer) throws IOException {
    return transport(channel, owner, peer, remoteAddress(channel));
  }

  private static Transport transport(
      AFUNIXSocketChannel channel, Optional<SocketAddress> remoteAddress) throws IOException {
    return transport(channel, channel, Optional.empty(), remoteAddress);
  }

  private static Transport transport(
      AFUNIXSocketChannel channel,
      Closeable owner,
      Optional<Credentials> peer,
      Optional<SocketAddress> remoteAddress)
      throws IOException {
    if (LinuxSocket.isSupported()) {
      LinuxSocket socket = LinuxSocket.of(channel.getFileDescriptor(), owner);
      return LinuxSocketEndpoint.transport(socket, peer.orElseGet(socket::peer), remoteAddress);
    }
    return new ChannelTransport(
        new UnixSocketEndpoint(channel, owner),
        peer.orElseGet(() -> peerOf(channel)),
        remoteAddress);
  }

  /// As of any socket, though a unix socket of junixsocket says of its address that it is of the
  /// internet protocol.
  static Optional<SocketAddress> remoteAddress(SocketChannel channel) {
    try {
      return channel.getRemoteAddress() instanceof AFUNIXSocketAddress unix
          ? RemoteAddress.ofUnix(unix.getPathAsBytes())
          : Optional.empty();
    } catch (IOException | RuntimeException unknown) {
      LOG.log(Level.DEBUG, "the address of a peer is unknown", unknown);
      return Optional.empty();
    }
  }

  /// As the other of this name.
  static Transport transport(SocketChannel channel) throws IOException {
    if (channel instanceof AFUNIXSocketChannel unix) {
      return transport(unix);
    }
    throw new SocketException("not a unix socket: " + channel);
  }

  private static Credentials peerOf(AFUNIXSocketChannel channel) {
    try {
      AFUNIXSocketCredentials peer = channel.getPeerCredentials();
      return peer == null
          ? Credentials.UNKNOWN
          : Credentials.ofSocket(peer.getUid(), peer.getGid(), peer.getPid());
    } catch (IOException unsupported) {
      LOG.log(Level.DEBUG, "the credentials of a peer are unknown", unsupported);
      return Credentials.UNKNOWN;
    }
  }

  /// Lets the file of a listening socket stay when it is closed: it is its maker's.
  static void keepFile(ServerSocketChannel channel) {
    if (channel instanceof AFUNIXServerSocketChannel unix) {
      unix.setDeleteOnClose(false);
    }
  }
}
