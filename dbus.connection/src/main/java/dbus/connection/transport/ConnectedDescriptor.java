package dbus.connection.transport;

import dbus.auth.Credentials;
import dbus.connection.descriptor.Descriptors;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.newsclub.net.unix.AFDatagramChannel;
import org.newsclub.net.unix.AFSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/// A stream socket of which nothing is known but its descriptor. What junixsocket makes of it does
/// not close it.
final class ConnectedDescriptor {

  private static final Logger LOG = System.getLogger(ConnectedDescriptor.class.getName());

  private static final String NEEDED = "a stream socket of unix or the internet protocol is needed";

  private ConnectedDescriptor() {}

  /// Takes it over; on an exception it is still the caller's.
  ///
  /// @param peer who it is; empty to ask the kernel
  static Transport take(FileDescriptor descriptor, Optional<Credentials> peer) throws IOException {
    if (!descriptor.valid()) {
      throw new SocketException("the file descriptor is closed");
    }
    AFSocketChannel<?> channel = stream(descriptor);
    if (!channel.isConnected()) {
      throw new SocketException(
          "a connected socket is needed, and this one is not, or no more; one that listens is for a"
              + " server to accept at");
    }
    Optional<SocketAddress> inet =
        channel instanceof AFUNIXSocketChannel
            ? Optional.empty()
            : Optional.of(InheritedSockets.inetAddress(channel.getRemoteAddress()));
    // Who had it before may have used it without waiting.
    channel.configureBlocking(true);
    return channel instanceof AFUNIXSocketChannel unix
        ? JunixSocket.transport(unix, () -> Descriptors.close(descriptor), peer)
        : overInet(channel, descriptor, peer.orElse(Credentials.UNKNOWN), inet);
  }

  /// @throws SocketException if it is something else, which the text tells
  static AFSocketChannel<?> stream(FileDescriptor descriptor) throws IOException {
    FileDescriptorCast cast = FileDescriptorCast.using(descriptor);
    if (!cast.isAvailable(AFSocketChannel.class)) {
      throw new SocketException(NEEDED + ", and this is " + kindOf(descriptor, cast));
    }
    return cast.as(AFSocketChannel.class);
  }

  private static String kindOf(FileDescriptor descriptor, FileDescriptorCast cast)
      throws IOException {
    if (cast.isAvailable(AFDatagramChannel.class)) {
      return "a datagram socket";
    }
    Path link = Path.of("/proc/self/fd/" + Descriptors.number(descriptor));
    if (Files.isRegularFile(link)) {
      return "a file";
    }
    if (Files.isDirectory(link)) {
      return "a directory";
    }
    String target = target(link);
    if (target.startsWith("socket:")) {
      return "a socket of another kind";
    }
    return target.startsWith("pipe:") ? "a pipe" : "no socket";
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException | RuntimeException notLinux) {
      LOG.log(Level.DEBUG, "what a descriptor is cannot be told", notLinux);
      return "";
    }
  }

  /// A failed write does not close a stream's descriptor while another thread reads from it, as it
  /// does with junixsocket.
  ///
  /// @param descriptor of the channel; closed with the transport
  static Transport overInet(
      AFSocketChannel<?> channel,
      FileDescriptor descriptor,
      Credentials peer,
      Optional<SocketAddress> remoteAddress) {
    StreamChannel streams =
        new StreamChannel(new FileInputStream(descriptor), new FileOutputStream(descriptor));
    return new ChannelTransport(
        Endpoint.of(streams, () -> Endpoint.shutdown(channel)), peer, remoteAddress);
  }
}
