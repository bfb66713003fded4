package dbus.connection;

import dbus.connection.transport.Transport;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What waits to be written to the peer.
///
/// Whoever sends encodes its message behind what waits already, under the lock, so that the order
/// of the serials is the order on the wire. If nobody is writing, it then becomes the writer, and
/// writes, without the lock, until nothing waits: its own message and those that others have added
/// meanwhile, as one piece. So a message that meets an idle connection is written by the thread
/// that sends it, with no hop to another, and many small ones share a system call.
///
/// The thread that reads collects the replies that it gives, and writes them when it has dealt with
/// all that one read brought.
///
/// A writer waits for its peer to read. That is right for a thread that serves this peer; one that
/// serves another must not wait here, and posts its message instead.
///
/// `writing` is the baton: it is set under the lock for the thread that becomes the writer, and
/// cleared under the lock when that finds nothing more. Only its holder writes to the transport.
final class Outbox {

  /// How much a thread collects before it is written, in bytes.
  private static final int COLLECTED = 1 << 16;

  /// How long a sender waits for room before it gives the peer up for one that does not read.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Transport transport;
  private final Consumer<Exception> whenBroken;
  private final long limit;
  private final IntPredicate inUse;
  private final Filters filters;
  private final Wiretaps wiretaps;
  private final Events events;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private MessageEncoder waiting = new MessageEncoder();
  private int lastSerial;
  private boolean writing;
  private boolean closed;

  /// The thread that collects what it sends, until it has dealt with all that one read brought.
  private @Nullable Thread collecting;

  /// @param limit in bytes: above it, senders wait, and posters end the connection
  /// @param inUse which serials cannot be given again
  /// @param whenBroken is told, once, why nothing can be written any more
  Outbox(
      Transport transport,
      Filters filters,
      Wiretaps wiretaps,
      Events events,
      long limit,
      IntPredicate inUse,
      Consumer<Exception> whenBroken) {
    this.transport = transport;
    this.filters = filters;
    this.wiretaps = wiretaps;
    this.events = events;
    this.limit = limit;
    this.inUse = inUse;
    this.whenBroken = whenBroken;
  }

  /// Sends a message: writes it, or leaves that to the thread that is writing. Waits for room if
  /// too much is queued already.
  ///
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException if the message cannot be encoded; nothing is sent then
  boolean send(Message message) {
    return send(message, serial -> {}, dropped -> {});
  }

  /// The same, telling the serial before the message can be answered.
  ///
  /// @param unanswered is told if a filter has made an end of a call that wants a reply
  boolean send(Message message, IntConsumer serialGiven, Consumer<IOException> unanswered) {
    if (filters.isEmpty()) {
      return sendFiltered(message, OptionalInt.empty(), serialGiven);
    }
    Optional<Message> left = filters.outgoing(message, unanswered);
    return left.isEmpty() || sendFiltered(left.get(), OptionalInt.empty(), serialGiven);
  }

  /// Sends a message with the serial that it has.
  ///
  /// @throws IllegalArgumentException if that is 0, or that of a call that waits for its reply, or
  ///   if the message cannot be encoded; nothing is sent then
  boolean sendPreserved(Message message) {
    int serial = message.serial();
    if (serial == 0) {
      throw new IllegalArgumentException("the message has no serial to preserve: " + message);
    }
    Optional<Message> left = filters.outgoing(message, dropped -> {});
    return left.isEmpty() || sendFiltered(left.get(), OptionalInt.of(serial), given -> {});
  }

  private boolean sendFiltered(Message message, OptionalInt preserved, IntConsumer serialGiven) {
    boolean iWrite;
    lock.lock();
    try {
      if (!awaitRoom()) {
        return false;
      }
      iWrite = add(message, preserved, serialGiven);
    } finally {
      lock.unlock();
    }
    if (iWrite) {
      write();
    }
    return true;
  }

  /// Sends a message without waiting for the peer: another thread writes it. A peer that has let
  /// too much pile up is disconnected.
  ///
  /// @param unanswered is told if a filter has made an end of a call that wants a reply
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException if the message cannot be encoded; nothing is sent then
  boolean post(Message message, IntConsumer serialGiven, Consumer<IOException> unanswered) {
    if (filters.isEmpty()) {
      return postFiltered(message, serialGiven);
    }
    Optional<Message> left = filters.outgoing(message, unanswered);
    return left.isEmpty() || postFiltered(left.get(), serialGiven);
  }

  private boolean postFiltered(Message message, IntConsumer serialGiven) {
    boolean full;
    boolean iWrite = false;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      full = waiting.size() > limit;
      if (!full) {
        iWrite = add(message, OptionalInt.empty(), serialGiven);
      }
    } finally {
      lock.unlock();
    }
    if (full) {
      fail(new IOException("the peer does not read: more than " + limit + " bytes wait for it"));
    } else if (iWrite) {
      writeElsewhere();
    }
    return !full;
  }

  private boolean awaitRoom() {
    long nanos = PATIENCE.toNanos();
    boolean interrupted = false;
    while (!closed && waiting.size() > limit) {
      try {
        nanos = changed.awaitNanos(nanos);
      } catch (InterruptedException e) {
        // Giving up here would lose a reply; the wait is bounded anyway.
        interrupted = true;
      }
      if (nanos <= 0) {
        fail(new IOException("the peer does not read: nothing was taken within " + PATIENCE));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !closed;
  }

  /// Under the lock. Says whether the caller is now the writer.
  private boolean add(Message message, OptionalInt preserved, IntConsumer serialGiven) {
    int serial = preserved.isPresent() ? requireFree(preserved.getAsInt()) : nextSerial();
    int length = waiting.append(message, serial);
    events.passed(Direction.OUTGOING, message, serial);
    if (!wiretaps.isEmpty()) {
      wiretaps.sent(waiting, length);
    }
    if (preserved.isEmpty()) {
      lastSerial = serial;
    }
    serialGiven.accept(serial);
    return takeBaton(!Thread.currentThread().equals(collecting) || waiting.size() > COLLECTED);
  }

  /// Under the lock. Says whether the caller is now the writer.
  private boolean takeBaton(boolean wanted) {
    if (writing || !wanted) {
      return false;
    }
    writing = true;
    return true;
  }

  /// What the calling thread sends from now on is not written at once.
  void collect() {
    lock.lock();
    try {
      collecting = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the collecting, of whichever thread.
  ///
  /// @return whether something waits to be written, by [#writeCollected]
  boolean collected() {
    lock.lock();
    try {
      collecting = null;
      return waiting.size() > 0 && takeBaton(true);
    } finally {
      lock.unlock();
    }
  }

  /// After [#collected] has said so.
  void writeCollected() {
    write();
  }

  /// 1, 2, 3 … as unsigned numbers, but for zero, which is no serial, and those that a reply is
  /// still waited for.
  private int nextSerial() {
    int next = lastSerial + 1;
    while (next == 0 || inUse.test(next)) {
      next++;
    }
    return next;
  }

  private int requireFree(int serial) {
    if (inUse.test(serial)) {
      throw new IllegalArgumentException(
          "the serial %s is that of a call that waits for its reply"
              .formatted(Integer.toUnsignedString(serial)));
    }
    return serial;
  }

  private void writeElsewhere() {
    try {
      HandlerThreads.EXECUTOR.execute(this::write);
    } catch (RuntimeException | OutOfMemoryError e) {
      fail(new IOException("no thread is free to write", e));
    }
  }

  /// By the holder of the baton alone.
  private void write() {
    // An interrupt is for the caller's own waiting; a channel would take it for an order to close.
    boolean interrupted = Thread.interrupted();
    try {
      ByteBuffer batch = WriteBuffers.take();
      while (next(batch)) {
        transport.write(batch.flip());
      }
      WriteBuffers.giveBack(batch);
    } catch (IOException | RuntimeException e) {
      fail(e);
    } catch (OutOfMemoryError e) {
      fail(new IOException("out of memory for writing", e));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
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
    if (collected()) {
      write();
    }
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

  private void fail(Exception why) {
    if (close()) {
      whenBroken.accept(why);
    }
  }

  /// Takes nothing more, and forgets what waits.
  ///
  /// @return whether it was open
  boolean close() {
    lock.lock();
    try {
      boolean open = !closed;
      closed = true;
      waiting = new MessageEncoder();
      changed.signalAll();
      return open;
    } finally {
      lock.unlock();
    }
  }
}
