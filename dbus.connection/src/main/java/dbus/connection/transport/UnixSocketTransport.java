package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

/// A unix socket, read by a platform thread of its own that blocks.
///
/// Not a virtual one: junixsocket blocks in native code and would hold the carrier thread.
public final class UnixSocketTransport implements Transport {

  private static final Logger LOG = System.getLogger(UnixSocketTransport.class.getName());

  /// What an idle connection holds; a page, so that thousands of them stay cheap.
  private static final int SMALLEST_BUFFER = 4 * 1024;

  /// Beyond this a larger read saves no more system calls worth counting.
  private static final int LARGEST_BUFFER = 256 * 1024;

  private static final AtomicLong COUNT = new AtomicLong();

  private final AFUNIXSocketChannel channel;
  private final Credentials credentials;
  private final AtomicBoolean started = new AtomicBoolean();

  private UnixSocketTransport(AFUNIXSocketChannel channel, Credentials credentials) {
    this.channel = channel;
    this.credentials = credentials;
  }

  /// Takes over a connected socket in blocking mode, and asks the kernel who the peer is.
  static UnixSocketTransport of(AFUNIXSocketChannel channel) {
    return new UnixSocketTransport(channel, peerOf(channel));
  }

  private static Credentials peerOf(AFUNIXSocketChannel channel) {
    try {
      AFUNIXSocketCredentials peer = channel.getPeerCredentials();
      // junixsocket says -1 for what it does not know, and -1 as a uid is nobody.
      return peer == null
          ? Credentials.UNKNOWN
          : Credentials.ofSocket(peer.getUid(), peer.getGid(), peer.getPid());
    } catch (IOException unsupported) {
      LOG.log(Level.DEBUG, "the credentials of a peer are unknown", unsupported);
      return Credentials.UNKNOWN;
    }
  }

  @Override
  public Credentials credentials() {
    return credentials;
  }

  @Override
  public boolean passesUnixFds() {
    return false;
  }

  @Override
  public void start(Receiver receiver) {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("the transport is already started");
    }
    Thread.ofPlatform()
        .name("dbus-reader-" + COUNT.incrementAndGet())
        .daemon()
        .start(() -> readInto(receiver));
  }

  private void readInto(Receiver receiver) {
    Optional<IOException> failure = Optional.empty();
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(SMALLEST_BUFFER);
      while (channel.read(buffer) >= 0) {
        boolean full = !buffer.hasRemaining();
        receiver.received(buffer.flip());
        buffer.clear();
        if (full && buffer.capacity() < LARGEST_BUFFER) {
          buffer = ByteBuffer.allocateDirect(buffer.capacity() * 4);
        }
      }
    } catch (IOException e) {
      failure = Optional.of(e);
    } finally {
      receiver.ended(failure);
    }
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is released all the same, and nobody could do anything about it.
      LOG.log(Level.DEBUG, "closing a socket failed", e);
    }
  }
}
