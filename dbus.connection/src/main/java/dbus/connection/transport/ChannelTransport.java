package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A connected channel in blocking mode, read by a thread of its own.
///
/// Closing a socket while another thread is about to use it is dangerous: its number may be given
/// to another socket in between, and then bytes go to a stranger. So [#close()] only shuts a socket
/// down, which ends every wait; the descriptor is given back by the thread that reads, when it has
/// left, under the lock that writing takes.
public final class ChannelTransport implements Transport {

  private static final Logger LOG = System.getLogger(ChannelTransport.class.getName());

  /// What an idle connection holds; a page, so that thousands of them stay cheap.
  private static final int SMALLEST_BUFFER = 4 * 1024;

  /// Beyond this a larger read saves no more system calls worth counting.
  private static final int LARGEST_BUFFER = 256 * 1024;

  /// junixsocket blocks in native code, and would hold the carrier of a virtual thread.
  static final ThreadFactory PLATFORM =
      Thread.ofPlatform().name("dbus-reader-", 1).daemon().factory();

  private static final ThreadFactory VIRTUAL = Thread.ofVirtual().name("dbus-reader-", 1).factory();

  private final ByteChannel channel;
  private final Writer writer;
  private final Closing shutdown;
  private final Credentials credentials;
  private final ThreadFactory threads;

  private final ReentrantLock writing = new ReentrantLock();

  private enum State {
    NEW,
    STARTED,
    CLOSED
  }

  /// Changed under the lock of this transport.
  private volatile State state = State.NEW;

  private volatile @Nullable Receiver started;

  /// Of the thread that reads. Empty until then, since many connections end before.
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  @FunctionalInterface
  interface Writer {
    void write(ByteBuffer bytes) throws IOException;
  }

  @FunctionalInterface
  interface Closing {
    void close() throws IOException;
  }

  ChannelTransport(
      ByteChannel channel,
      Writer writer,
      Closing shutdown,
      Credentials credentials,
      ThreadFactory threads) {
    this.channel = channel;
    this.writer = writer;
    this.shutdown = shutdown;
    this.credentials = credentials;
    this.threads = threads;
  }

  /// Takes over a connected channel of any kind. Nothing is known of the peer. It must be in
  /// blocking mode, and closing it must end a read and a write that another thread waits in.
  public static ChannelTransport of(ByteChannel channel) {
    return of(channel, Credentials.UNKNOWN);
  }

  /// As [#of(ByteChannel)], where it is known who the peer is.
  ///
  /// @param peer who it is, on the caller's word: a server lets it in as that user
  public static ChannelTransport of(ByteChannel channel, Credentials peer) {
    return new ChannelTransport(channel, channel::write, channel::close, peer, PLATFORM);
  }

  /// Takes over two connected streams, such as those of a socket with TLS, or the standard input
  /// and output of this process. Nothing is known of the peer. What is written is flushed. One
  /// thread reads and at the same time another may write; closing must end what both wait for.
  public static ChannelTransport of(InputStream in, OutputStream out) {
    return of(in, out, Credentials.UNKNOWN);
  }

  /// As [#of(InputStream, OutputStream)], where it is known who the peer is.
  ///
  /// @param peer who it is, on the caller's word: a server lets it in as that user
  public static ChannelTransport of(InputStream in, OutputStream out, Credentials peer) {
    return of(new StreamChannel(in, out), peer);
  }

  /// The streams of a child process: Java waits for them in native code.
  ///
  /// @param shutdown begins to end the process
  static ChannelTransport ofProcess(StreamChannel streams, Closing shutdown, Credentials peer) {
    return new ChannelTransport(streams, streams::write, shutdown, peer, PLATFORM);
  }

  /// It waits in Java alone, where a virtual thread holds nobody up.
  static ChannelTransport inMemory(MemoryChannel channel, Credentials peer) {
    return new ChannelTransport(channel, channel::write, channel::close, peer, VIRTUAL);
  }

  /// Takes over a connected socket of the JDK. Over tcp nobody knows who the peer is.
  static ChannelTransport ofSocket(SocketChannel channel) {
    return ofSocket(channel, Credentials.UNKNOWN);
  }

  /// Takes over a connected socket of the JDK.
  static ChannelTransport ofSocket(SocketChannel channel, Credentials peer) {
    return new ChannelTransport(channel, channel::write, () -> shutdown(channel), peer, VIRTUAL);
  }

  static void shutdown(SocketChannel channel) throws IOException {
    try {
      channel.shutdownOutput();
    } finally {
      channel.shutdownInput();
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
    Thread reader = threads.newThread(() -> read(receiver));
    synchronized (this) {
      if (state == State.STARTED) {
        throw new IllegalStateException("the transport is already started");
      }
      if (state == State.NEW) {
        started = receiver;
        reader.start();
        state = State.STARTED;
        return;
      }
    }
    receiver.ended(Optional.empty());
  }

  @Override
  public void readElsewhere() {
    Receiver receiver = started;
    if (receiver == null) {
      throw new IllegalStateException("the transport is not started");
    }
    threads.newThread(() -> resume(receiver)).start();
  }

  private void resume(Receiver receiver) {
    if (receiver.resumed()) {
      read(receiver);
    }
  }

  /// Until the end, or until another thread reads.
  private void read(Receiver receiver) {
    Optional<IOException> failure = Optional.empty();
    try {
      while (channel.read(emptied()) >= 0) {
        if (!receiver.received(buffer.flip())) {
          return;
        }
      }
    } catch (IOException e) {
      failure = Optional.of(e);
    } catch (RuntimeException | Error e) {
      failure = Optional.of(new IOException("reading failed", e));
    }
    receiver.ended(failure);
    awaitClose();
  }

  /// The buffer, larger than before if the last bytes have filled it.
  private ByteBuffer emptied() {
    boolean full = buffer.limit() == buffer.capacity();
    if (full && buffer.capacity() < LARGEST_BUFFER) {
      buffer = ByteBuffer.allocateDirect(Math.max(SMALLEST_BUFFER, buffer.capacity() * 4));
    }
    return buffer.clear();
  }

  /// The peer sends nothing more, but may still be written to: this thread stays until the
  /// connection is closed, and then gives the descriptor back.
  private synchronized void awaitClose() {
    boolean interrupted = false;
    while (state != State.CLOSED) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    release();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    writing.lock();
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is released all the same, and nobody could do anything about it.
      LOG.log(Level.DEBUG, "closing a channel failed", e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    writing.lock();
    try {
      while (bytes.hasRemaining()) {
        if (state == State.CLOSED) {
          throw new ClosedChannelException();
        }
        writer.write(bytes);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() {
    State before;
    synchronized (this) {
      before = state;
      state = State.CLOSED;
      notifyAll();
    }
    if (before == State.NEW) {
      release();
    } else if (before == State.STARTED) {
      try {
        shutdown.close();
      } catch (IOException alreadyDown) {
        LOG.log(Level.DEBUG, "shutting a channel down failed", alreadyDown);
      }
    }
  }
}
