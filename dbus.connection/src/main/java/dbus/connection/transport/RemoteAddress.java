package dbus.connection.transport;

import dbus.address.AddressValue;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// Where the other end of a socket is, in classes of the JDK. What has no name there, as the unix
/// socket of a client has none, or no such class, as an abstract name, is nowhere.
final class RemoteAddress {

  private static final Logger LOG = System.getLogger(RemoteAddress.class.getName());

  private RemoteAddress() {}

  /// Of a connected channel, if it is one of a socket. Accepting does not fail for it.
  static Optional<SocketAddress> of(ByteChannel channel) {
    if (!(channel instanceof SocketChannel socket)) {
      return Optional.empty();
    }
    if (ChannelAcceptor.isOfJunixsocket(socket)) {
      return JunixSocket.remoteAddress(socket);
    }
    try {
      return Optional.ofNullable(socket.getRemoteAddress()).filter(RemoteAddress::isNamed);
    } catch (IOException | RuntimeException closed) {
      LOG.log(Level.DEBUG, "the address of a peer is unknown", closed);
      return Optional.empty();
    }
  }

  private static boolean isNamed(SocketAddress address) {
    return !(address instanceof UnixDomainSocketAddress unix)
        || !unix.getPath().toString().isEmpty();
  }

  /// @param name of a unix socket, as the kernel has it: a path, or a NUL and an abstract name, or
  ///   nothing. It may be a peer's own choice
  static Optional<SocketAddress> ofUnix(byte[] name) {
    if (name.length == 0 || name[0] == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(UnixDomainSocketAddress.of(AddressValue.of(name).toPath()));
    } catch (IllegalArgumentException noPath) {
      return Optional.empty();
    }
  }
}
