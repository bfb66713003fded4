package dbus.connection.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One direction between two sides in memory. What is written waits here until it is read, up to a
/// limit, as in a socket; then the writer waits.
///
/// Any number of threads may use it. An interrupt ends no wait: it is for the user's own waiting,
/// as with a socket.
final class MemoryPipe {

  /// What waits at most, in bytes; about what Linux takes in for a pipe.
  static final int CAPACITY = 64 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All of it under the lock. The bytes that wait begin at `first`, and go round the end.
  private final byte[] ring = new byte[CAPACITY];
  private int first;
  private int count;
  private boolean writerGone;
  private boolean readerGone;

  /// Waits for bytes.
  ///
  /// @return how many were read; -1 if none are left and the writer is gone
  /// @throws AsynchronousCloseException if the reader is gone
  int read(ByteBuffer bytes) throws IOException {
    if (!bytes.hasRemaining()) {
      return 0;
    }
    lock.lock();
    try {
      while (count == 0 && !writerGone && !readerGone) {
        changed.awaitUninterruptibly();
      }
      if (readerGone) {
        throw new AsynchronousCloseException();
      }
      return count == 0 ? -1 : take(bytes);
    } finally {
      lock.unlock();
    }
  }

  private int take(ByteBuffer bytes) {
    int taken = Math.min(count, bytes.remaining());
    int straight = Math.min(taken, CAPACITY - first);
    bytes.put(ring, first, straight).put(ring, 0, taken - straight);
    first = (first + taken) % CAPACITY;
    count -= taken;
    changed.signalAll();
    return taken;
  }

  /// Writes what there is room for, without waiting.
  ///
  /// @throws AsynchronousCloseException if the writer is gone
  /// @throws IOException if the reader is gone
  void offer(ByteBuffer bytes) throws IOException {
    lock.lock();
    try {
      requireBoth();
      if (count < CAPACITY && bytes.hasRemaining()) {
        var _ = put(bytes);
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireBoth() throws IOException {
    if (writerGone) {
      throw new AsynchronousCloseException();
    }
    if (readerGone) {
      throw new IOException("the other side is closed");
    }
  }

  /// Waits for room.
  ///
  /// @return how many bytes were written, one at least
  /// @throws AsynchronousCloseException if the writer is gone
  /// @throws IOException if the reader is gone
  int write(ByteBuffer bytes) throws IOException {
    if (!bytes.hasRemaining()) {
      return 0;
    }
    lock.lock();
    try {
      while (count == CAPACITY && !writerGone && !readerGone) {
        changed.awaitUninterruptibly();
      }
      requireBoth();
      return put(bytes);
    } finally {
      lock.unlock();
    }
  }

  private int put(ByteBuffer bytes) {
    int put = Math.min(CAPACITY - count, bytes.remaining());
    int from = (first + count) % CAPACITY;
    int straight = Math.min(put, CAPACITY - from);
    bytes.get(ring, from, straight).get(ring, 0, put - straight);
    count += put;
    changed.signalAll();
    return put;
  }

  /// Nothing more is written. What waits can still be read.
  void closeWriter() {
    lock.lock();
    try {
      writerGone = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more is read.
  void closeReader() {
    lock.lock();
    try {
      readerGone = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
