package dbus.connection.descriptor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/// What has come to a connected unix socket of junixsocket, and is not received yet, in Linux.
///
/// Whoever asks for the bytes first, and then for the descriptors, knows how many descriptors come
/// with those bytes at most: Linux tells how many wait in the whole socket, since 5.6. Of those
/// that may come with one read only their number is known here, and not how many come with which
/// byte.
///
/// Used by the thread that reads alone.
public final class Arrivals implements Closeable {

  private static final String WAITING = "scm_fds:";

  private final InputStream in;
  private final Selector selector;
  private final SelectionKey key;
  private final RandomAccessFile info;
  private final byte[] text = new byte[1024];

  /// @param socket is not in blocking mode any more; nobody else may use it during this call
  /// @param same the same socket once more, in blocking mode, as it is for the system
  /// @throws IOException if this process has too many descriptors
  public Arrivals(AFUNIXSocketChannel socket, AFUNIXSocketChannel same) throws IOException {
    in = socket.socket().getInputStream();
    int number = Descriptors.number(socket.getFileDescriptor());
    info = new RandomAccessFile("/proc/self/fdinfo/" + number, "r");
    try {
      selector = AFUNIXSelectorProvider.getInstance().openSelector();
    } catch (IOException | RuntimeException e) {
      info.close();
      throw e;
    }
    try {
      // Only a channel that does not block can be waited for. For the system it is the socket that
      // does not block, which is set back by the other channel.
      socket.configureBlocking(false);
      same.configureBlocking(false);
      same.configureBlocking(true);
      key = socket.register(selector, SelectionKey.OP_READ);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Waits until something has come, or nothing more will. An interrupt changes nothing.
  public void await() throws IOException {
    // The key is valid until both directions have ended. Then nothing more can come, and the
    // selector would close the socket.
    while (in.available() == 0 && key.isValid() && selector.select() == 0) {
      // The interrupt was for somebody whom this thread has served.
      var _ = Thread.interrupted();
    }
  }

  /// How many bytes have come; 0 if nothing more will.
  public int bytes() throws IOException {
    return in.available();
  }

  /// How many file descriptors have come, more than a socket holds if the kernel does not say.
  public int descriptors() throws IOException {
    info.seek(0);
    int length = info.read(text);
    String all = new String(text, 0, Math.max(length, 0), US_ASCII);
    int at = all.indexOf(WAITING);
    int end = all.indexOf('\n', at);
    if (at < 0 || end < 0) {
      return Integer.MAX_VALUE;
    }
    return Integer.parseInt(all.substring(at + WAITING.length(), end).strip());
  }

  /// Gives back what it has opened. To be called when nobody waits.
  ///
  /// @throws IOException if that failed
  @Override
  public void close() throws IOException {
    try (info) {
      selector.close();
    }
  }
}
