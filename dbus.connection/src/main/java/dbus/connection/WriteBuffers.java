package dbus.connection;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/// Buffers that what is written is gathered in on its way to the operating system. They are shared,
/// so that an idle connection holds none. Some are kept to be used again.
final class WriteBuffers {

  /// More in one system call is hardly faster; less is.
  private static final int SIZE = 64 * 1024;

  private static final ConcurrentLinkedDeque<ByteBuffer> FREE = new ConcurrentLinkedDeque<>();

  /// How many are kept, about: more writes are rarely going on at a time.
  private static final int KEPT = 32;

  private static final AtomicInteger COUNT = new AtomicInteger();

  private WriteBuffers() {}

  static ByteBuffer take() {
    ByteBuffer buffer = FREE.pollFirst();
    if (buffer == null) {
      return ByteBuffer.allocateDirect(SIZE);
    }
    COUNT.decrementAndGet();
    return buffer;
  }

  static void giveBack(ByteBuffer buffer) {
    if (COUNT.get() < KEPT) {
      COUNT.incrementAndGet();
      FREE.addFirst(buffer);
    }
  }
}
