package dbus.connection.transport;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.IpFamily;
import dbus.address.NonceTcp;
import dbus.address.Tcp;
import dbus.address.TcpAddress;
import dbus.address.UnixAbstract;
import dbus.address.UnixPath;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/// Connects to a server at an address. D-Bus Specification, "Transports".
public final class Connector {

  /// D-Bus Specification, "Nonce-secured TCP Sockets".
  private static final int NONCE_BYTES = 16;

  private Connector() {}

  /// Connects to one address.
  ///
  /// @param limit how long that may take
  /// @throws AddressException if one cannot connect to such an address, or not yet with this
  ///   library
  /// @throws IOException if nobody answers there
  public static Transport connect(Address address, Duration limit) throws IOException {
    address.checkConnectable();
    return switch (address) {
      case UnixPath unix -> unixSocket(AFUNIXSocketAddress.of(unix.path().bytes()), limit);
      case UnixAbstract unix -> unixSocket(abstractName(unix.name().bytes()), limit);
      case Tcp tcp -> tcpSocket(tcp, limit);
      case NonceTcp tcp -> nonceTcpSocket(tcp, limit);
      default ->
          throw new AddressException(
              AddressError.NOT_SUPPORTED,
              address.toString(),
              0,
              "connecting to \"" + address.transport() + "\" is not supported",
              "use unix, tcp or nonce-tcp");
    };
  }

  private static AFUNIXSocketAddress abstractName(byte[] name) throws IOException {
    return AFUNIXSocketAddress.of(
        ByteBuffer.allocate(name.length + 1).put((byte) 0).put(name).array());
  }

  private static Transport unixSocket(AFUNIXSocketAddress address, Duration limit)
      throws IOException {
    AFUNIXSocketChannel channel = AFUNIXSocketChannel.open();
    try {
      channel.socket().connect(address, millis(limit));
      return ChannelTransport.ofUnixSocket(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Transport tcpSocket(TcpAddress address, Duration limit) throws IOException {
    return ChannelTransport.ofSocket(connected(address, limit));
  }

  private static Transport nonceTcpSocket(NonceTcp address, Duration limit) throws IOException {
    ByteBuffer nonce = ByteBuffer.wrap(nonce(address.nonceFile().orElseThrow().toPath()));
    SocketChannel channel = connected(address, limit);
    try {
      while (nonce.hasRemaining()) {
        channel.write(nonce);
      }
      return ChannelTransport.ofSocket(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static byte[] nonce(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] nonce = in.readNBytes(NONCE_BYTES + 1);
      if (nonce.length != NONCE_BYTES) {
        throw new IOException(file + ": a nonce file holds exactly " + NONCE_BYTES + " bytes");
      }
      return nonce;
    }
  }

  /// Tries each address of the host in turn, as resolved.
  private static SocketChannel connected(TcpAddress address, Duration limit) throws IOException {
    IOException failure =
        new UnknownHostException(address.hostOrDefault() + ": no address of the wanted family");
    for (InetAddress host : InetAddress.getAllByName(address.hostOrDefault())) {
      if (!isOf(address.family(), host)) {
        continue;
      }
      SocketChannel channel = SocketChannel.open();
      try {
        channel.socket().connect(new InetSocketAddress(host, address.port()), millis(limit));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
      } catch (IOException e) {
        channel.close();
        failure = e;
      }
    }
    throw failure;
  }

  private static boolean isOf(Optional<IpFamily> family, InetAddress host) {
    return family.isEmpty() || (family.get() == IpFamily.IPV4) == (host instanceof Inet4Address);
  }

  /// As sockets want it, where zero would mean for ever.
  private static int millis(Duration limit) {
    return Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
  }
}
