package dbus.connection.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Buffers to read into, of a few sizes. Some of each are kept to be used again: to reserve one,
/// and to have the garbage collector release it, costs more than a short connection does.
final class ReadBuffers {

  /// What an idle connection holds; a page, so that thousands of them stay cheap.
  static final int SMALLEST = 4 * 1024;

  /// Beyond this a larger read saves no more system calls worth counting.
  private static final int LARGEST = 256 * 1024;

  /// From each size to the next.
  private static final int STEP = 4;

  /// How many bytes are kept of each size.
  private static final int KEPT = 1 << 20;

  private static final List<ReadBuffers> SIZES =
      Stream.iterate(SMALLEST, size -> size <= LARGEST, size -> size * STEP)
          .map(ReadBuffers::new)
          .toList();

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private final int size;

  private ReadBuffers(int size) {
    this.size = size;
  }

  /// An empty buffer of the smallest size.
  static ByteBuffer take() {
    return SIZES.getFirst().poll();
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
      other = SIZES.get(wanted).poll();
    } catch (OutOfMemoryError none) {
      // This one will do. It must not be given back and kept.
      return last.clear();
    }
    giveBack(last);
    return other;
  }

  static void giveBack(ByteBuffer buffer) {
    SIZES.get(indexOf(buffer)).add(buffer);
  }

  private static int indexOf(ByteBuffer buffer) {
    return Integer.numberOfTrailingZeros(buffer.capacity() / SMALLEST)
        / Integer.numberOfTrailingZeros(STEP);
  }

  private ByteBuffer poll() {
    lock.lock();
    try {
      ByteBuffer kept = free.pollFirst();
      if (kept != null) {
        return kept.clear();
      }
    } finally {
      lock.unlock();
    }
    return ByteBuffer.allocateDirect(size);
  }

  private void add(ByteBuffer buffer) {
    lock.lock();
    try {
      if (free.size() < KEPT / size) {
        free.addFirst(buffer);
      }
    } finally {
      lock.unlock();
    }
  }
}
