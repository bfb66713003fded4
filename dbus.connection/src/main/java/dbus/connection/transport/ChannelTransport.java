package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

/// A connected channel in blocking mode, read by a thread of its own.
public final class ChannelTransport implements Transport {

  private static final Logger LOG = System.getLogger(ChannelTransport.class.getName());

  /// What an idle connection holds; a page, so that thousands of them stay cheap.
  private static final int SMALLEST_BUFFER = 4 * 1024;

  /// Beyond this a larger read saves no more system calls worth counting.
  private static final int LARGEST_BUFFER = 256 * 1024;

  /// junixsocket blocks in native code, and would hold the carrier of a virtual thread.
  private static final ThreadFactory PLATFORM =
      Thread.ofPlatform().name("dbus-reader-", 1).daemon().factory();

  private static final ThreadFactory VIRTUAL = Thread.ofVirtual().name("dbus-reader-", 1).factory();

  private final ByteChannel channel;
  private final Credentials credentials;
  private final ThreadFactory threads;
  private final AtomicBoolean started = new AtomicBoolean();

  private ChannelTransport(ByteChannel channel, Credentials credentials, ThreadFactory threads) {
    this.channel = channel;
    this.credentials = credentials;
    this.threads = threads;
  }

  /// Takes over a connected channel of any kind. Nothing is known of the peer. It must be in
  /// blocking mode, and closing it must end a read and a write that another thread waits in.
  public static ChannelTransport of(ByteChannel channel) {
    return new ChannelTransport(channel, Credentials.UNKNOWN, PLATFORM);
  }

  /// Takes over a connected socket of the JDK. Over tcp nobody knows who the peer is.
  static ChannelTransport ofSocket(SocketChannel channel) {
    return new ChannelTransport(channel, Credentials.UNKNOWN, VIRTUAL);
  }

  /// Takes over a connected unix socket, and asks the kernel who the peer is.
  static ChannelTransport ofUnixSocket(AFUNIXSocketChannel channel) {
    return new ChannelTransport(channel, peerOf(channel), PLATFORM);
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
    threads.newThread(() -> readInto(receiver)).start();
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
