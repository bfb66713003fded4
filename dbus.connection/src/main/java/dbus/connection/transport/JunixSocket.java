package dbus.connection.transport;

import dbus.auth.Credentials;
import dbus.connection.descriptor.LinuxSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

/// Connects with a unix socket of junixsocket.
///
/// Only this class, [UnixSocketAcceptor] and [UnixSocketEndpoint] pass its classes on as another
/// type, and all three are loaded only where these are there: the JVM looks such classes up before
/// it runs any of the class that passes them on.
final class JunixSocket {

  private static final Logger LOG = System.getLogger(JunixSocket.class.getName());

  private JunixSocket() {}

  static Transport connectToPath(byte[] path, Duration limit) throws IOException {
    return connect(AFUNIXSocketAddress.of(path), limit);
  }

  static Transport connectToAbstract(byte[] name, Duration limit) throws IOException {
    byte[] marked = ByteBuffer.allocate(name.length + 1).put((byte) 0).put(name).array();
    return connect(AFUNIXSocketAddress.of(marked), limit);
  }

  private static Transport connect(AFUNIXSocketAddress address, Duration limit) throws IOException {
    AFUNIXSocketChannel channel = AFUNIXSocketChannel.open();
    try {
      channel.socket().connect(address, Connector.millis(limit.toNanos()));
      return transport(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Takes over a connected socket, and asks the kernel who the peer is.
  ///
  /// @throws IOException if there are too many descriptors; the socket is still the caller's then
  static Transport transport(AFUNIXSocketChannel channel) throws IOException {
    if (LinuxSocket.isSupported()) {
      return LinuxSocketEndpoint.transport(LinuxSocket.of(channel.getFileDescriptor(), channel));
    }
    return new ChannelTransport(new UnixSocketEndpoint(channel), peerOf(channel));
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
}
