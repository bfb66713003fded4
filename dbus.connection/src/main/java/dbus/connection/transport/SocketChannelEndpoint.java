package dbus.connection.transport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A socket channel of the JDK, be it for tcp or a unix socket.
///
/// In non-blocking mode, for two reasons: it can be offered bytes without waiting; and a channel in
/// blocking mode is closed, for everybody, when a thread is interrupted that happens to write to it
/// (CONN-52). Who waits does so with a selector: one for the thread that reads, and, once the peer
/// has been slow, one for the thread that writes.
///
/// One thread reads, and one at a time writes. [#shutdown()] may be called at any time.
final class SocketChannelEndpoint implements Endpoint {

  private final SocketChannel channel;

  // Each opened by the thread that waits with it, under the lock of this object, as is `down`.
  private @Nullable Selector readable;
  private @Nullable Selector writable;
  private boolean down;

  /// @param channel connected
  SocketChannelEndpoint(SocketChannel channel) {
    this.channel = channel;
  }

  /// Not in the constructor, where nobody expects it to fail.
  private void dontBlock() throws IOException {
    if (channel.isBlocking()) {
      channel.configureBlocking(false);
    }
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    dontBlock();
    int count = channel.read(bytes);
    while (count == 0) {
      await(readable(), SelectionKey.OP_READ);
      count = channel.read(bytes);
    }
    return count;
  }

  @Override
  public List<FileDescriptor> takeUnixFds() {
    return List.of();
  }

  @Override
  public void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    Endpoint.requireNone(unixFds);
    dontBlock();
    int count = channel.write(bytes);
    while (count > 0 && bytes.hasRemaining()) {
      count = channel.write(bytes);
    }
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    Endpoint.requireNone(unixFds);
    dontBlock();
    while (channel.write(bytes) == 0) {
      await(writable(), SelectionKey.OP_WRITE);
    }
  }

  private void await(Selector selector, int what) throws IOException {
    if (selector.keys().isEmpty()) {
      channel.register(selector, what);
    }
    // An interrupt would end this wait and every further one, at once.
    boolean _ = Thread.interrupted();
    selector.select();
    selector.selectedKeys().clear();
  }

  private synchronized Selector readable() throws IOException {
    Selector open = readable == null ? opened() : readable;
    readable = open;
    return open;
  }

  private synchronized Selector writable() throws IOException {
    Selector open = writable == null ? opened() : writable;
    writable = open;
    return open;
  }

  private Selector opened() throws IOException {
    Selector selector = channel.provider().openSelector();
    if (down) {
      // Nobody would wake it up.
      selector.wakeup();
    }
    return selector;
  }

  @Override
  public int maxUnixFds() {
    return 0;
  }

  @Override
  public void shutdown() throws IOException {
    try {
      Endpoint.shutdown(channel);
    } finally {
      synchronized (this) {
        down = true;
        wakeUp(readable);
        wakeUp(writable);
      }
    }
  }

  private static void wakeUp(@Nullable Selector selector) {
    if (selector != null) {
      selector.wakeup();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try {
      channel.close();
    } finally {
      close(readable);
      close(writable);
    }
  }

  private static void close(@Nullable Selector selector) throws IOException {
    if (selector != null) {
      selector.close();
    }
  }
}
