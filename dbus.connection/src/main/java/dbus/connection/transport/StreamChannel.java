package dbus.connection.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// Two streams as one channel. One thread at a time reads, and one writes.
///
/// Streams take arrays, the buffers that are read into are not backed by one: hence the copy.
final class StreamChannel implements ByteChannel {

  /// As much as one read is worth.
  private static final int CHUNK = 16 * 1024;

  private final InputStream in;
  private final OutputStream out;
  private volatile boolean open = true;

  /// Of the thread that reads.
  private byte[] chunk = new byte[0];

  StreamChannel(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    if (chunk.length == 0) {
      chunk = new byte[CHUNK];
    }
    int count = in.read(chunk, 0, Math.min(CHUNK, bytes.remaining()));
    if (count > 0) {
      bytes.put(chunk, 0, count);
    }
    return count;
  }

  /// Writes all of it: the stream may hold some of it back for more to come, and none will.
  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    if (bytes.hasArray()) {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), count);
      bytes.position(bytes.limit());
    } else {
      byte[] copy = new byte[count];
      bytes.get(copy);
      out.write(copy);
    }
    out.flush();
    return count;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /// The output first: the peer then ends its own, which ends a read that closing would not.
  @Override
  public void close() throws IOException {
    open = false;
    try {
      out.close();
    } finally {
      in.close();
    }
  }
}
