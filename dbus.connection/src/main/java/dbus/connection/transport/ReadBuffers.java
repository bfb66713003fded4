package dbus.connection.transport;

import dbus.connection.pool.Pool;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/// Buffers to read into, of a few sizes. Some of each are kept to be used again.
final class ReadBuffers {

  /// What an idle connection holds; a page, so that thousands of them stay cheap.
  static final int SMALLEST = 4 * 1024;

  /// Beyond this a larger read saves no more system calls worth counting.
  private static final int LARGEST = 256 * 1024;

  /// From each size to the next.
  private static final int STEP = 4;

  /// How many bytes are kept of each size.
  private static final int KEPT = 1 << 20;

  private static final List<Pool<ByteBuffer>> SIZES =
      Stream.iterate(SMALLEST, size -> size <= LARGEST, size -> size * STEP)
          .map(size -> new Pool<>(KEPT / size, () -> ByteBuffer.allocateDirect(size)))
          .toList();

  private ReadBuffers() {}

  /// An empty buffer of the smallest size.
  static ByteBuffer take() {
    return SIZES.getFirst().take().clear();
  }

  /// An empty buffer for the next read of the same stream: a larger one if the last read has filled
  /// this one, a smaller one if it has brought little, or else this.
  ///
  /// @param last what [#take] or this has returned, with the bytes of the last read before its
  ///   limit, which nobody needs any more
  static ByteBuffer next(ByteBuffer last) {
    int index = indexOf(last);
    int count = last.limit();
    int wanted = index;
    if (count == last.capacity() && index < SIZES.size() - 1) {
      wanted = index + 1;
    } else if (count < last.capacity() / STEP / STEP && index > 0) {
      wanted = index - 1;
    }
    if (wanted == index) {
      return last.clear();
    }
    ByteBuffer other;
    try {
      other = SIZES.get(wanted).take().clear();
    } catch (OutOfMemoryError none) {
      // This one will do. It must not be given back and kept.
      return last.clear();
    }
    giveBack(last);
    return other;
  }

  static void giveBack(ByteBuffer buffer) {
    SIZES.get(indexOf(buffer)).giveBack(buffer);
  }

  private static int indexOf(ByteBuffer buffer) {
    return Integer.numberOfTrailingZeros(buffer.capacity() / SMALLEST)
        / Integer.numberOfTrailingZeros(STEP);
  }
}
