package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

/// Connects with a unix socket of junixsocket.
///
/// Only this class and [UnixSocketAcceptor] speak of its classes, and both are loaded only where
/// these are there: the JVM looks up the classes that a class passes on as another type before it
/// runs any of it.
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
  static Transport transport(AFUNIXSocketChannel channel) throws IOException {
    // A channel is closed by an interrupt of the thread that writes, whichever peer that one
    // serves; a stream is not.
    OutputStream out = channel.socket().getOutputStream();
    ChannelTransport.Writer writer =
        bytes -> {
          out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
          bytes.position(bytes.limit());
        };
    return new ChannelTransport(
        channel,
        writer,
        () -> ChannelTransport.shutdown(channel),
        peerOf(channel),
        ChannelTransport.PLATFORM);
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
