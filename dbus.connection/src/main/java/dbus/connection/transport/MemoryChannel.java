package dbus.connection.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// One of two sides that are joined in memory.
final class MemoryChannel implements ByteChannel {

  private final MemoryPipe in;
  private final MemoryPipe out;
  private volatile boolean open = true;

  MemoryChannel(MemoryPipe in, MemoryPipe out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    return in.read(bytes);
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    return out.write(bytes);
  }

  /// Writes what there is room for, without waiting.
  void offer(ByteBuffer bytes) throws IOException {
    out.offer(bytes);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    out.closeWriter();
    in.closeReader();
  }
}
