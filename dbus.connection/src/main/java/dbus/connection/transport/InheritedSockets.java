package dbus.connection.transport;

import dbus.connection.descriptor.Descriptors;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFGenericSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.FileDescriptorCast;

/// The sockets among the descriptors that this process was started with.
final class InheritedSockets {

  // Of Linux.
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  /// Where the host stands in an address of version 6: behind the family, the port, and what the
  /// flow is.
  private static final int HOST_OF_VERSION_6 = 8;

  private InheritedSockets() {}

  /// What the caller can do with.
  enum Wanted {
    LISTENING,
    CONNECTED,
    EITHER
  }

  static List<InheritedSocket> take(int first, int count, Wanted wanted) throws IOException {
    ConnectedSocket.requireNative();
    List<InheritedSocket> taken = new ArrayList<>();
    List<FileDescriptor> originals = new ArrayList<>();
    try {
      for (int number = first; number < first + count; number++) {
        FileDescriptor original = FileDescriptorCast.unsafeUsing(number).getFileDescriptor();
        taken.add(take(original, wanted));
        originals.add(original);
      }
    } catch (IOException e) {
      taken.forEach(InheritedSockets::giveUp);
      throw new IOException(
          "descriptor %s cannot be %s: %s"
              .formatted(
                  first + taken.size(),
                  wanted == Wanted.LISTENING ? "listened on" : "taken over",
                  e.getMessage()),
          e);
    }
    // They are not close-on-exec; the duplicates are.
    Descriptors.close(originals);
    return taken;
  }

  private static void giveUp(InheritedSocket taken) {
    switch (taken) {
      case InheritedSocket.Listening(ListeningSocket socket) -> socket.acceptor().close();
      // Not started, it is closed without a word to the peer, for whom the original stays.
      case InheritedSocket.Connected(Transport peer) -> peer.close();
    }
  }

  private static InheritedSocket take(FileDescriptor original, Wanted wanted) throws IOException {
    boolean connected = ConnectedDescriptor.stream(original).isConnected();
    if (connected && wanted == Wanted.LISTENING) {
      throw new SocketException("it is connected to a peer already; ConnectedSocket takes such");
    }
    return connected || wanted == Wanted.CONNECTED
        ? new InheritedSocket.Connected(connected(original))
        : new InheritedSocket.Listening(listening(original));
  }

  private static Transport connected(FileDescriptor original) throws IOException {
    FileDescriptor duplicate = Descriptors.duplicate(original);
    try {
      return ConnectedSocket.of(duplicate);
    } catch (IOException | RuntimeException | Error e) {
      Descriptors.close(duplicate);
      throw e;
    }
  }

  private static ListeningSocket listening(FileDescriptor original) throws IOException {
    InheritedAcceptor acceptor = acceptor(original);
    try {
      return named(acceptor, acceptor.localAddress());
    } catch (IOException | RuntimeException e) {
      acceptor.close();
      throw e;
    }
  }

  private static InheritedAcceptor acceptor(FileDescriptor original) throws IOException {
    FileDescriptor duplicate = Descriptors.duplicate(original);
    try {
      return InheritedAcceptor.of(duplicate);
    } catch (IOException | RuntimeException e) {
      Descriptors.close(duplicate);
      throw e;
    }
  }

  private static ListeningSocket named(Acceptor acceptor, SocketAddress name) throws IOException {
    return switch (name) {
      case AFUNIXSocketAddress unix ->
          new ListeningSocket(acceptor, JunixSocket.addressOf(unix), false);
      default -> ListeningSocket.named(acceptor, inetAddress(name));
    };
  }

  /// What a name of junixsocket means that is not of a unix socket.
  ///
  /// @throws IOException if it is not of the internet protocol
  static InetSocketAddress inetAddress(@Nullable SocketAddress name) throws IOException {
    if (name instanceof AFGenericSocketAddress other) {
      return inetAddress(ByteBuffer.wrap(other.toBytes()));
    }
    throw new SocketException("it is of no family that D-Bus knows");
  }

  /// Reads a `struct sockaddr_in` or `sockaddr_in6`.
  private static InetSocketAddress inetAddress(ByteBuffer name) throws IOException {
    int family = name.order(ByteOrder.nativeOrder()).getShort();
    int port = Short.toUnsignedInt(name.order(ByteOrder.BIG_ENDIAN).getShort());
    byte[] host =
        switch (family) {
          case AF_INET -> new byte[4];
          case AF_INET6 -> new byte[16];
          default -> throw new SocketException("it is of address family " + family);
        };
    if (family == AF_INET6) {
      name.position(HOST_OF_VERSION_6);
    }
    name.get(host);
    return new InetSocketAddress(InetAddress.getByAddress(host), port);
  }
}
