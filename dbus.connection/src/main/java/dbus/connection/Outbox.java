package dbus.connection;

import dbus.connection.transport.Transport;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// What waits to be written to the peer.
///
/// Whoever sends encodes its message behind what waits already, under the lock, so that the order
/// of the serials is the order on the wire. If nobody is writing, it then becomes the writer, and
/// writes, without the lock, until nothing waits: its own message and those that others have added
/// meanwhile, as one piece. So a message that meets an idle connection is written by the thread
/// that sends it, with no hop to another, and many small ones share a system call.
///
/// `writing` is the baton: it is set under the lock by the thread that becomes the writer, and
/// cleared under the lock when it finds nothing more. Only its holder writes to the transport.
final class Outbox {

  private final Transport transport;
  private final Consumer<IOException> whenBroken;
  private final long limit;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final MessageEncoder waiting = new MessageEncoder();
  private int lastSerial;
  private boolean writing;
  private boolean closed;

  /// @param limit in bytes: above it, senders wait
  Outbox(Transport transport, long limit, Consumer<IOException> whenBroken) {
    this.transport = transport;
    this.limit = limit;
    this.whenBroken = whenBroken;
  }

  /// Sends a message, or waits for its turn to be written by another thread. Waits for room if too
  /// much is queued already.
  ///
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException if the message cannot be encoded; nothing is sent then
  boolean send(Message message) {
    lock.lock();
    try {
      while (!closed && waiting.size() > limit) {
        changed.awaitUninterruptibly();
      }
      if (closed) {
        return false;
      }
      int serial = nextSerial();
      waiting.append(message, serial);
      lastSerial = serial;
      if (writing) {
        return true;
      }
      writing = true;
    } finally {
      lock.unlock();
    }
    write();
    return true;
  }

  /// 1, 2, 3 … as unsigned numbers; zero is no serial.
  private int nextSerial() {
    return lastSerial == -1 ? 1 : lastSerial + 1;
  }

  /// By the holder of the baton alone.
  private void write() {
    ByteBuffer batch = WriteBuffers.take();
    try {
      while (next(batch)) {
        transport.write(batch.flip());
      }
    } catch (IOException e) {
      close();
      whenBroken.accept(e);
    } finally {
      WriteBuffers.giveBack(batch);
    }
  }

  /// Fills the batch with what is to be written now; the baton is put down if there is nothing.
  private boolean next(ByteBuffer batch) {
    batch.clear();
    lock.lock();
    try {
      writing = !closed && waiting.size() > 0;
      if (writing) {
        waiting.drainTo(batch);
      }
      changed.signalAll();
      return writing;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until all that was sent is with the operating system, for that long at most.
  void flush(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed && writing && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more, and forgets what waits.
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
