package dbus.connection;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/// Buffers that what is written is gathered in on its way to the operating system. They are shared,
/// so that an idle connection holds none; there are as many as writes have ever been going on at a
/// time.
final class WriteBuffers {

  /// More in one system call is hardly faster; less is.
  private static final int SIZE = 64 * 1024;

  private static final ConcurrentLinkedDeque<ByteBuffer> FREE = new ConcurrentLinkedDeque<>();

  private WriteBuffers() {}

  static ByteBuffer take() {
    ByteBuffer buffer = FREE.pollFirst();
    return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer;
  }

  static void giveBack(ByteBuffer buffer) {
    FREE.addFirst(buffer);
  }
}
