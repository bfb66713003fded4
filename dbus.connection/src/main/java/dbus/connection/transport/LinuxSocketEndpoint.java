package dbus.connection.transport;

import dbus.auth.Credentials;
import dbus.connection.descriptor.DescriptorsRefusedException;
import dbus.connection.descriptor.LinuxSocket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A unix socket that is used with the functions of Linux.
final class LinuxSocketEndpoint implements Endpoint {

  /// A pause between two messages that is longer than this may cost the first one after it some
  /// microseconds.
  private static final Duration IDLE = Duration.ofMillis(100);

  static {
    // With the first socket, when there are descriptors; later there may be none.
    IdleSockets.load();
  }

  private final LinuxSocket socket;

  private LinuxSocketEndpoint(LinuxSocket socket) {
    this.socket = socket;
    socket.limitWait(IDLE);
  }

  /// Takes over a connected socket.
  static Transport transport(
      LinuxSocket socket, Credentials peer, Optional<SocketAddress> remoteAddress) {
    return new ChannelTransport(new LinuxSocketEndpoint(socket), peer, remoteAddress);
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    return socket.read(bytes);
  }

  @Override
  public boolean leave(Runnable resume) {
    return IdleSockets.leave(socket, resume);
  }

  @Override
  public List<FileDescriptor> takeUnixFds() {
    return socket.take();
  }

  @Override
  public void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    List<FileDescriptor> withFirstByte = unixFds;
    int before = -1;
    while (bytes.hasRemaining() && bytes.position() != before) {
      before = bytes.position();
      write(bytes, withFirstByte, false);
      if (bytes.position() != before) {
        withFirstByte = List.of();
      }
    }
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    write(bytes, unixFds, true);
  }

  private void write(ByteBuffer bytes, List<FileDescriptor> unixFds, boolean waits)
      throws IOException {
    if (bytes.isDirect()) {
      writeDirect(bytes, unixFds, waits);
    } else {
      writeCopy(bytes, unixFds, waits);
    }
  }

  /// Only for what is small and rare, such as a handshake.
  private void writeCopy(ByteBuffer bytes, List<FileDescriptor> unixFds, boolean waits)
      throws IOException {
    ByteBuffer copy = ReadBuffers.take();
    int count = Math.min(copy.remaining(), bytes.remaining());
    copy.put(0, bytes, bytes.position(), count).limit(count);
    try {
      writeDirect(copy, unixFds, waits);
      bytes.position(bytes.position() + copy.position());
    } finally {
      ReadBuffers.giveBack(copy);
    }
  }

  private void writeDirect(ByteBuffer bytes, List<FileDescriptor> unixFds, boolean waits)
      throws IOException {
    if (unixFds.isEmpty()) {
      socket.write(bytes, waits);
      return;
    }
    for (FileDescriptor one : unixFds) {
      if (!one.valid()) {
        throw new UnixFdsRefusedException("a file descriptor is closed", null);
      }
    }
    try {
      socket.write(bytes, unixFds, waits);
    } catch (DescriptorsRefusedException e) {
      throw new UnixFdsRefusedException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public int maxUnixFds() {
    return LinuxSocket.MAX_DESCRIPTORS;
  }

  @Override
  public void shutdown() throws IOException {
    socket.shutdown();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
