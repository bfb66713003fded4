package dbus.connection.transport;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.IpFamily;
import dbus.address.NonceTcp;
import dbus.address.Tcp;
import dbus.address.TcpAddress;
import dbus.address.UnixAbstract;
import dbus.address.UnixExec;
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
import java.util.concurrent.TimeUnit;

/// Connects to a server at an address. D-Bus Specification, "Transports".
///
/// A `unixexec:` address starts a program: such an address is as dangerous as a line for a shell,
/// and must not come from somebody who is not trusted. The program's standard input and output are
/// two pipes, where the specification has one socket: Java starts programs in no other way. Most
/// programs cannot tell; but a server there that asks the operating system who its client is gets
/// no answer, so it can offer EXTERNAL only if it knows better, and no file descriptors pass.
///
/// Bytes that go over tcp can be read and changed by whoever is on the way, so only this machine
/// can be reached by it, unless that is asked for.
public final class Connector {

  /// D-Bus Specification, "Nonce-secured TCP Sockets".
  private static final int NONCE_BYTES = 16;

  private final UnixSockets unixSockets;
  private final boolean otherMachines;

  /// Describes how to connect.
  ///
  /// @param unixSockets which ones to use
  /// @param otherMachines whether tcp may go to another machine than this
  public Connector(UnixSockets unixSockets, boolean otherMachines) {
    this.unixSockets = unixSockets;
    this.otherMachines = otherMachines;
  }

  /// Connects to one address.
  ///
  /// @param limit how long it may take, but for looking up the name of a host
  /// @throws AddressException if one cannot connect to such an address, or not yet with this
  ///   library
  /// @throws IOException if nobody answers there
  public Transport connect(Address address, Duration limit) throws IOException {
    address.checkConnectable();
    return MissingSockets.named(address, () -> transport(address, limit));
  }

  private Transport transport(Address address, Duration limit) throws IOException {
    return switch (address) {
      case UnixPath unix when unixSockets.areOfJdk() ->
          JdkUnixSocket.connect(unix.path().toPath(), limit);
      case UnixPath unix -> JunixSocket.connectToPath(unix.path().bytes(), limit);
      case UnixAbstract unix when unixSockets.areOfJdk() -> throw UnixSockets.noAbstractNames(unix);
      case UnixAbstract unix -> JunixSocket.connectToAbstract(unix.name().bytes(), limit);
      case Tcp tcp -> ChannelTransport.of(connected(tcp, limit));
      case NonceTcp tcp -> nonceTcpSocket(tcp, limit);
      case UnixExec program -> ChildProcessTransport.start(ProgramCommand.of(program));
      default ->
          throw new AddressException(
              AddressError.NOT_SUPPORTED,
              address.toString(),
              0,
              "connecting to \"" + address.transport() + "\" is not supported",
              "use unix, tcp, nonce-tcp or unixexec");
    };
  }

  private Transport nonceTcpSocket(NonceTcp address, Duration limit) throws IOException {
    ByteBuffer nonce = ByteBuffer.wrap(nonce(address.nonceFile().orElseThrow().toPath()));
    SocketChannel channel = connected(address, limit);
    try {
      while (nonce.hasRemaining()) {
        channel.write(nonce);
      }
      return ChannelTransport.of(channel);
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
  private SocketChannel connected(TcpAddress address, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    IOException failure =
        new UnknownHostException(address.hostOrDefault() + ": no address of the wanted family");
    for (InetAddress host : InetAddress.getAllByName(address.hostOrDefault())) {
      if (!isOf(address.family(), host)) {
        continue;
      }
      if (!host.isLoopbackAddress() && !otherMachines) {
        failure =
            new IOException(
                host
                    + " is not this machine: tcp is open to everybody on the way; allow it if that"
                    + " is meant");
        continue;
      }
      SocketChannel channel = SocketChannel.open();
      try {
        channel
            .socket()
            .connect(
                new InetSocketAddress(host, address.port()), millis(deadline - System.nanoTime()));
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
  static int millis(long nanos) {
    return Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos), 1, Integer.MAX_VALUE);
  }
}
