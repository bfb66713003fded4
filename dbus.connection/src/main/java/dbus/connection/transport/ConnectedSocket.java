package dbus.connection.transport;

import dbus.auth.Credentials;
import dbus.connection.descriptor.NativeAccess;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;

/// Takes over a stream socket that is connected already, of unix or the internet protocol: one of a
/// pair, one that a peer has passed as a descriptor ([dbus.connection.UnixFd#transport()]), or one
/// that this process was started with. Either side of a connection can be had over it, by
/// [dbus.connection.DBusConnection#serverSide] or [dbus.connection.DBusConnection#clientSide].
///
/// ```java
/// DBusConnection.serverSide(ConnectedSocket.inherited(3), Guid.random()).objects(objects).start();
/// ```
///
/// What comes of a unix socket passes file descriptors, and its peer has
/// [credentials][Transport#credentials()]. What the kernel tells of the peer is who connected, or
/// who made the pair: at both ends of a pair that this process has made it is this process, whoever
/// has the other end by now. Where that is another user, say who it is, or that it is
/// [unknown][Credentials#UNKNOWN]: by default a server lets in its own user.
///
/// A descriptor can be taken over where junixsocket has its native library; a channel of the JDK
/// can be everywhere. With sockets of the JDK no descriptors pass. A descriptor that is in
/// non-blocking mode needs native access for this module: without it, large messages end the
/// connection.
public final class ConnectedSocket {

  private ConnectedSocket() {}

  /// Takes over a channel of the JDK or of junixsocket, such as the one of
  /// [System#inheritedChannel()]. It is the transport's then, and must not be used any more; on an
  /// exception it is still the caller's.
  ///
  /// @throws IOException if it is closed, or not connected
  /// @throws java.nio.channels.IllegalBlockingModeException if it is registered with a selector
  public static Transport of(SocketChannel channel) throws IOException {
    if (!channel.isConnected()) {
      throw new SocketException(
          "a channel that is connected is needed; this one is not: " + channel);
    }
    channel.configureBlocking(true);
    return ChannelAcceptor.transport(channel);
  }

  /// Takes over a descriptor. It is the transport's then, which closes it, and nobody else may use
  /// it; on an exception it is still the caller's.
  ///
  /// @throws IOException if it is closed, or is not a connected stream socket of unix or the
  ///   internet protocol, or this process cannot use it; it tells which
  public static Transport of(FileDescriptor socket) throws IOException {
    requireNative();
    return ConnectedDescriptor.take(socket, Optional.empty());
  }

  /// As [#of(FileDescriptor)], where it is known who the peer is.
  ///
  /// @param peer who it is, on the caller's word, instead of what the kernel says: a server lets it
  ///   in as that user
  /// @throws IOException as [#of(FileDescriptor)]
  public static Transport of(FileDescriptor socket, Credentials peer) throws IOException {
    requireNative();
    return ConnectedDescriptor.take(socket, Optional.of(peer));
  }

  /// Takes over a descriptor that this process was started with: 3 with systemd's `Accept=yes`, 0
  /// with its `StandardInput=socket`, and with inetd. It is close-on-exec then. Closing what is
  /// returned ends the socket for whoever else has it.
  ///
  /// A server of `dbus.server` at the address `systemd:` does so by itself.
  ///
  /// @throws IOException as [#of(FileDescriptor)]; it tells the number
  public static Transport inherited(int number) throws IOException {
    List<InheritedSocket> taken =
        InheritedSockets.take(number, 1, InheritedSockets.Wanted.CONNECTED);
    return switch (taken.getFirst()) {
      case InheritedSocket.Connected(Transport peer) -> peer;
      case InheritedSocket.Listening _ -> throw new AssertionError("it was asked for a peer");
    };
  }

  /// Descriptors are known to native code alone.
  static void requireNative() throws IOException {
    if (UnixSockets.AUTOMATIC.areOfJdk()) {
      throw new IOException(
          "to take over a socket by its descriptor takes junixsocket, whose native library cannot"
              + " be loaded here; allow it by "
              + NativeAccess.option()
              + ", or use a channel of the JDK");
    }
  }
}
