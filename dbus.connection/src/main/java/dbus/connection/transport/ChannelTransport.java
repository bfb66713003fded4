package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
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

  private final Endpoint endpoint;
  private final Credentials credentials;
  private final Optional<SocketAddress> remoteAddress;

  private final ReentrantLock writing = new ReentrantLock();

  private enum State {
    NEW,
    STARTED,
    CLOSED
  }

  /// Nobody else can hold it: the thread that reads takes it.
  private final Object lock = new Object();

  /// Changed under the lock.
  private volatile State state = State.NEW;

  private volatile @Nullable Receiver started;

  /// Of the thread that reads; from [ReadBuffers].
  private @Nullable ByteBuffer buffer;

  ChannelTransport(
      Endpoint endpoint, Credentials credentials, Optional<SocketAddress> remoteAddress) {
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.remoteAddress = remoteAddress;
  }

  /// Takes over a connected channel of any kind. Nothing is known of the peer, but for the remote
  /// address of a [SocketChannel][java.nio.channels.SocketChannel]. It must be in blocking mode,
  /// and closing it must end a read and a write that another thread waits in.
  public static ChannelTransport of(ByteChannel channel) {
    return of(channel, Credentials.UNKNOWN);
  }

  /// As [#of(ByteChannel)], where it is known who the peer is.
  ///
  /// @param peer who it is, on the caller's word: a server lets it in as that user
  public static ChannelTransport of(ByteChannel channel, Credentials peer) {
    return new ChannelTransport(Endpoint.of(channel), peer, RemoteAddress.of(channel));
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

  @Override
  public Credentials credentials() {
    return credentials;
  }

  @Override
  public Optional<SocketAddress> remoteAddress() {
    return remoteAddress;
  }

  @Override
  public int maxUnixFds() {
    return endpoint.maxUnixFds();
  }

  @Override
  public void start(Receiver receiver) {
    start(receiver, ConnectionThreads.EXECUTOR);
  }

  @Override
  public void start(Receiver receiver, Executor first) {
    synchronized (lock) {
      if (state == State.STARTED) {
        throw new IllegalStateException("the transport is already started");
      }
      if (state == State.NEW) {
        started = receiver;
        first.execute(() -> read(receiver, false));
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
    ConnectionThreads.EXECUTOR.execute(() -> read(receiver, true));
  }

  /// Until the end, or until another thread reads.
  ///
  /// @param inTheMiddle whether another thread has begun with what was read last
  private void read(Receiver receiver, boolean inTheMiddle) {
    Optional<IOException> failure = Optional.empty();
    try {
      if (inTheMiddle && !receiver.resumed()) {
        return;
      }
      ByteBuffer bytes = empty();
      for (int count = endpoint.read(bytes); count >= 0; count = endpoint.read(bytes)) {
        if (count == 0) {
          letGo();
          receiver.paused();
          if (endpoint.leave(() -> read(receiver, false))) {
            return;
          }
        } else if (!receiver.received(bytes.flip(), endpoint.takeUnixFds())) {
          return;
        }
        bytes = empty();
      }
    } catch (IOException e) {
      failure = Optional.of(e);
    } catch (RuntimeException | Error e) {
      failure = Optional.of(new IOException(e.toString(), e));
    }
    letGo();
    receiver.ended(failure);
    awaitClose();
  }

  private void letGo() {
    ByteBuffer last = buffer;
    if (last != null) {
      buffer = null;
      ReadBuffers.giveBack(last);
    }
  }

  private ByteBuffer empty() {
    ByteBuffer last = buffer;
    ByteBuffer empty = last == null ? ReadBuffers.take() : ReadBuffers.next(last);
    buffer = empty;
    return empty;
  }

  /// The peer sends nothing more, but may still be written to: this thread stays until the
  /// connection is closed, and then gives the descriptor back.
  private void awaitClose() {
    boolean interrupted = false;
    synchronized (lock) {
      while (state != State.CLOSED) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      release();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    writing.lock();
    try {
      endpoint.close();
    } catch (IOException e) {
      // The descriptor is released all the same, and nobody could do anything about it.
      LOG.log(Level.DEBUG, "closing a channel failed", e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    writing.lock();
    try {
      if (state == State.CLOSED) {
        throw new ClosedChannelException();
      }
      endpoint.offer(bytes, unixFds);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    writing.lock();
    try {
      List<FileDescriptor> withFirstByte = unixFds;
      while (bytes.hasRemaining()) {
        if (state == State.CLOSED) {
          throw new ClosedChannelException();
        }
        endpoint.write(bytes, withFirstByte);
        withFirstByte = List.of();
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() {
    State before;
    synchronized (lock) {
      before = state;
      state = State.CLOSED;
      try {
        if (before == State.STARTED) {
          // Under the lock, without which the thread that reads cannot give the descriptor back:
          // what is shut down must not be somebody else's by then.
          shutDown();
        }
      } finally {
        lock.notifyAll();
      }
    }
    if (before == State.NEW) {
      release();
    }
  }

  private void shutDown() {
    try {
      endpoint.shutdown();
    } catch (IOException alreadyDown) {
      LOG.log(Level.DEBUG, "shutting a channel down failed", alreadyDown);
    }
  }
}
