package dbus.connection.outgoing;

import dbus.connection.pool.Pool;
import java.nio.ByteBuffer;

/// Buffers that what is written is gathered in on its way to the operating system. They are shared,
/// so that an idle connection holds none. Some are kept to be used again.
final class WriteBuffers {

  /// More in one system call is hardly faster; less is.
  private static final int SIZE = 64 * 1024;

  /// How many are kept: more writes are rarely going on at a time.
  private static final int KEPT = 32;

  private static final Pool<ByteBuffer> POOL =
      new Pool<>(KEPT, () -> ByteBuffer.allocateDirect(SIZE));

  private WriteBuffers() {}

  static ByteBuffer take() {
    return POOL.take();
  }

  static void giveBack(ByteBuffer buffer) {
    POOL.giveBack(buffer);
  }
}
