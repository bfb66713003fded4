package dbus.connection.transport;

import dbus.connection.descriptor.Arrivals;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.descriptor.LostDescriptors;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/// A unix socket of junixsocket, which carries file descriptors beside its bytes; where there is no
/// [LinuxSocket][dbus.connection.descriptor.LinuxSocket].
///
/// It is written to through a descriptor of its own: junixsocket closes the one that a write fails
/// on, and what the peer sent before it left could not be read any more (CONN-36).
///
/// If more descriptors come with one read than there is room for, reading fails, and junixsocket
/// tells nobody of those that did fit, which are open. So on Linux nothing is read before it is
/// known that so many cannot come, or, where more of them wait, those that are lost are found and
/// closed. Elsewhere nobody knows, and they stay open.
final class UnixSocketEndpoint implements Endpoint {

  /// What fits into the largest buffer that junixsocket reserves, of 256 bytes, whatever is asked
  /// for.
  private static final int MAX_UNIX_FDS = 60;

  private static final int CONTROL_BYTES = 256;

  /// Descriptors leave with this many bytes, which are never written in part.
  private static final int FIRST_PIECE = 16;

  private final AFUNIXSocketChannel reading;

  /// Null where the system does not tell.
  private final @Nullable Arrivals arrivals;

  private final Closeable owner;

  private final AFUNIXSocket writing;

  /// To be closed as such: junixsocket does not close a descriptor that it was given.
  private final FileDescriptor duplicate;

  /// A channel is closed by an interrupt of the thread that writes, whichever peer that one serves;
  /// a stream is not.
  private final OutputStream out;

  /// @param owner is closed instead of the channel
  UnixSocketEndpoint(AFUNIXSocketChannel channel, Closeable owner) throws IOException {
    reading = channel;
    this.owner = owner;
    reading.ensureAncillaryReceiveBufferSize(CONTROL_BYTES);
    duplicate = Descriptors.duplicate(channel.getFileDescriptor());
    try {
      writing = FileDescriptorCast.using(duplicate).as(AFUNIXSocket.class);
      out = writing.getOutputStream();
      arrivals = LostDescriptors.canBeFound() ? arrivals(channel, duplicate) : null;
    } catch (IOException | RuntimeException e) {
      Descriptors.close(duplicate);
      throw e;
    }
  }

  private static Arrivals arrivals(AFUNIXSocketChannel channel, FileDescriptor duplicate)
      throws IOException {
    return new Arrivals(channel, FileDescriptorCast.using(duplicate).as(AFUNIXSocketChannel.class));
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    if (arrivals == null) {
      return reading.read(bytes);
    }
    arrivals.await();
    int limit = bytes.limit();
    int count = Math.min(arrivals.bytes(), bytes.remaining());
    int unixFds = arrivals.descriptors();
    boolean any = count > 0 && unixFds > 0;
    if (any && !LostDescriptors.haveRoomFor(Math.min(unixFds, MAX_UNIX_FDS))) {
      throw new IOException("more file descriptors came than this process can take");
    }
    try {
      // What comes from now on is not counted.
      bytes.limit(bytes.position() + Math.max(1, count));
      return any && unixFds > MAX_UNIX_FDS
          ? LostDescriptors.watch(() -> readMany(bytes), MAX_UNIX_FDS)
          : reading.read(bytes);
    } finally {
      bytes.limit(limit);
    }
  }

  private int readMany(ByteBuffer bytes) throws IOException {
    try {
      return reading.read(bytes);
    } catch (SocketException e) {
      // What else may be wrong has a class of its own.
      if (e.getClass() == SocketException.class) {
        throw new LostDescriptors.TooManyException(MAX_UNIX_FDS, e);
      }
      throw e;
    }
  }

  @Override
  public List<FileDescriptor> takeUnixFds() throws IOException {
    FileDescriptor[] received = reading.getReceivedFileDescriptors();
    return received == null || received.length == 0 ? List.of() : Descriptors.adopt(received);
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    if (!unixFds.isEmpty()) {
      send(bytes, unixFds);
    }
    write(bytes, bytes.remaining());
  }

  private void send(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    for (FileDescriptor one : unixFds) {
      // junixsocket would take it for its own socket that is closed, and close that.
      if (!one.valid()) {
        throw new UnixFdsRefusedException("a file descriptor is closed", null);
      }
    }
    writing.setOutboundFileDescriptors(unixFds.toArray(FileDescriptor[]::new));
    try {
      write(bytes, Math.min(FIRST_PIECE, bytes.remaining()));
    } catch (SocketException e) {
      // What is wrong with the socket has a class of its own; what is left is wrong with them.
      if (e.getClass() == SocketException.class && duplicate.valid()) {
        throw new UnixFdsRefusedException(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  private void write(ByteBuffer bytes, int count) throws IOException {
    // A stream takes arrays, and what is written is in none.
    byte[] copy = new byte[count];
    bytes.get(bytes.position(), copy);
    out.write(copy);
    bytes.position(bytes.position() + count);
  }

  @Override
  public int maxUnixFds() {
    return MAX_UNIX_FDS;
  }

  @Override
  public void shutdown() throws IOException {
    Endpoint.shutdown(reading);
  }

  @Override
  public void close() throws IOException {
    try (owner;
        arrivals) {
      Descriptors.close(duplicate);
    }
  }
}
