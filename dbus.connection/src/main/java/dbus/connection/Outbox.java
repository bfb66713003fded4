package dbus.connection;

import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixFdsRefusedException;
import dbus.wire.Message;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
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
/// all that one read brought. What a handler on another thread sends in a [Burst] waits for a
/// moment.
///
/// A writer waits for its peer to read. That is right for a thread that serves this peer; one that
/// serves another must not wait here, and posts its message instead.
///
/// File descriptors belong to this class from the call of [#send] or [#post] on, and are closed
/// when they have left, or when they cannot.
///
/// `writing` is the baton: it is set under the lock for the thread that becomes the writer, and
/// cleared under the lock when that finds nothing more. Only its holder writes to the transport.
final class Outbox {

  private static final Logger LOG = System.getLogger(Outbox.class.getName());

  /// How much a thread collects before it is written, in bytes.
  private static final int COLLECTED = 1 << 16;

  private final Transport transport;
  private final WhenBroken whenBroken;
  private final long limit;
  private final Duration patience;
  private final Serials serials;
  private final Filters filters;
  private final Wiretaps wiretaps;
  private final Events events;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Burst burst = new Burst(this::writeHeld);
  private final OutgoingQueue waiting;
  private boolean writing;
  private boolean closed;

  /// The thread that collects what it sends, until it has dealt with all that one read brought.
  private @Nullable Thread collecting;

  /// What the holder of the baton is about to write, if descriptors travel with it.
  private @Nullable Passengers departing;

  /// @param limit in bytes: above it, senders wait, and posters end the connection
  /// @param patience how long a sender waits for room while the peer takes nothing, before it gives
  ///   the peer up for one that does not read
  /// @param share of the budget, for what waits
  /// @param inUse which serials cannot be given again
  /// @param whenBroken is told, once, why nothing can be written any more
  Outbox(
      Transport transport,
      Filters filters,
      Wiretaps wiretaps,
      Events events,
      long limit,
      Duration patience,
      Share share,
      IntPredicate inUse,
      WhenBroken whenBroken) {
    this.transport = transport;
    this.filters = filters;
    this.wiretaps = wiretaps;
    this.events = events;
    this.limit = limit;
    // It is counted in nanoseconds.
    this.patience = patience.compareTo(Deadlines.LONGEST) < 0 ? patience : Deadlines.LONGEST;
    this.waiting = new OutgoingQueue(share);
    this.serials = new Serials(inUse);
    this.whenBroken = whenBroken;
  }

  /// Says how many file descriptors a message may have.
  void allowUnixFds(int most) {
    waiting.allowUnixFds(most);
  }

  int maxUnixFds() {
    return waiting.maxUnixFds();
  }

  /// Sends a message: writes it, or leaves that to the thread that is writing. Waits for room if
  /// too much is queued already.
  ///
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException if the message cannot be encoded; nothing is sent then
  boolean send(Message message) {
    return send(message, serial -> {}, Outbox::logRefused);
  }

  static void logRefused(IOException why) {
    // What a filter takes away is not meant to be sent.
    Level level = why instanceof UnixFdsRefusedException ? Level.WARNING : Level.DEBUG;
    LOG.log(level, "a message could not be sent", why);
  }

  /// The same, telling the serial before the message can be answered.
  ///
  /// @param refused is told, on any thread, if the message is not sent since its descriptors cannot
  ///   travel, or if a filter has made an end of a call that wants a reply; the connection goes on
  boolean send(Message message, IntConsumer serialGiven, Consumer<IOException> refused) {
    if (filters.isEmpty()) {
      return sendFiltered(message, OptionalInt.empty(), serialGiven, refused);
    }
    Optional<Message> left = filters.outgoing(message, refused);
    return left.isEmpty() || sendFiltered(left.get(), OptionalInt.empty(), serialGiven, refused);
  }

  /// The same, with the serial that it has, if that is to be preserved.
  ///
  /// @throws IllegalArgumentException as [#send(Message)], or if the serial is 0 or in use
  boolean send(Message message, OptionalInt preserved, IntConsumer serialGiven) {
    Optional<Message> left = filters.outgoing(message, Outbox::logRefused);
    return left.isEmpty() || sendFiltered(left.get(), preserved, serialGiven, Outbox::logRefused);
  }

  private boolean sendFiltered(
      Message message,
      OptionalInt preserved,
      IntConsumer serialGiven,
      Consumer<IOException> refused) {
    boolean iWrite;
    lock.lock();
    try {
      if (!awaitRoom()) {
        UnixFd.closeAll(message);
        return false;
      }
      iWrite = add(message, preserved, serialGiven, refused);
    } finally {
      lock.unlock();
    }
    if (waiting.isOverBudget()) {
      return failOverBudget();
    }
    if (iWrite) {
      write();
    }
    return true;
  }

  /// Sends a message without waiting for the peer: another thread writes it. A peer that has let
  /// too much pile up is disconnected.
  ///
  /// @param refused as on [#send(Message, IntConsumer, Consumer)]
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException if the message cannot be encoded; nothing is sent then
  boolean post(Message message, IntConsumer serialGiven, Consumer<IOException> refused) {
    if (filters.isEmpty()) {
      return postFiltered(message, serialGiven, refused);
    }
    Optional<Message> left = filters.outgoing(message, refused);
    return left.isEmpty() || postFiltered(left.get(), serialGiven, refused);
  }

  private boolean postFiltered(
      Message message, IntConsumer serialGiven, Consumer<IOException> refused) {
    return switch (queue(message, OptionalInt.empty(), serialGiven, refused)) {
      case QUEUED -> true;
      case ENDED -> false;
      case FULL -> {
        fail(new IOException("the peer does not read: more than " + limit + " bytes wait for it"));
        yield false;
      }
    };
  }

  /// Sends a message without waiting for the peer, as [#post], unless too much has piled up: the
  /// connection goes on without the message.
  ///
  /// @param preserved its serial, if that is to be kept
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException as there
  boolean offer(Message message, OptionalInt preserved, IntConsumer serialGiven)
      throws OutgoingFullException {
    Optional<Message> left = filters.outgoing(message, Outbox::logRefused);
    if (left.isEmpty()) {
      return true;
    }
    return switch (queue(left.get(), preserved, serialGiven, Outbox::logRefused)) {
      case QUEUED -> true;
      case ENDED -> false;
      case FULL -> throw new OutgoingFullException(limit);
    };
  }

  private enum Room {
    QUEUED,
    ENDED,
    FULL
  }

  private Room queue(
      Message message,
      OptionalInt preserved,
      IntConsumer serialGiven,
      Consumer<IOException> refused) {
    boolean anotherWrites;
    lock.lock();
    try {
      if (closed || waiting.size() > limit) {
        UnixFd.closeAll(message);
        return closed ? Room.ENDED : Room.FULL;
      }
      anotherWrites = add(message, preserved, serialGiven, refused);
    } finally {
      lock.unlock();
    }
    if (waiting.isOverBudget()) {
      var _ = failOverBudget();
      return Room.ENDED;
    }
    if (anotherWrites) {
      writeElsewhere();
    }
    return Room.QUEUED;
  }

  /// Without the lock.
  private boolean failOverBudget() {
    fail(new OverBudgetException());
    return false;
  }

  /// Under the lock.
  private boolean awaitRoom() {
    long taken = waiting.taken();
    long nanos = patience.toNanos();
    boolean interrupted = false;
    while (!closed && waiting.size() > limit) {
      try {
        nanos = changed.awaitNanos(nanos);
      } catch (InterruptedException e) {
        // Giving up here would lose a reply; the wait is bounded anyway.
        interrupted = true;
      }
      if (waiting.taken() != taken) {
        // It reads, if slowly.
        taken = waiting.taken();
        nanos = patience.toNanos();
      } else if (nanos <= 0) {
        fail(new IOException("the peer does not read: nothing was taken within " + patience));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !closed;
  }

  /// Under the lock. Says whether the caller is now the writer.
  private boolean add(
      Message message,
      OptionalInt preserved,
      IntConsumer serialGiven,
      Consumer<IOException> refused) {
    int serial;
    try {
      serial = preserved.isPresent() ? serials.requireFree(preserved.getAsInt()) : serials.next();
    } catch (IllegalArgumentException e) {
      UnixFd.closeAll(message);
      throw e;
    }
    int length = waiting.append(message, serial, refused);
    events.passed(Direction.OUTGOING, message, serial);
    if (!wiretaps.isEmpty()) {
      wiretaps.sent(waiting.bytes(), length);
    }
    if (preserved.isEmpty()) {
      serials.given(serial);
    }
    serialGiven.accept(serial);
    boolean waits = Thread.currentThread().equals(collecting) || burst.holds(message);
    return takeBaton(!waits || waiting.size() > Math.min(COLLECTED, limit));
  }

  /// Under the lock. Says whether the caller is now the writer.
  private boolean takeBaton(boolean wanted) {
    if (writing || !wanted) {
      return false;
    }
    writing = true;
    return true;
  }

  /// Writes what waits, unless another thread does.
  private void writeHeld() {
    lock.lock();
    try {
      if (waiting.size() == 0 || !takeBaton(true)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    write();
  }

  /// What handlers send that run on threads of their own.
  Burst burst() {
    return burst;
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
  /// @return whether something waits to be written, by [#write] or [#writeElsewhere]
  boolean collected() {
    lock.lock();
    try {
      collecting = null;
      return waiting.size() > 0 && takeBaton(true);
    } finally {
      lock.unlock();
    }
  }

  void writeElsewhere() {
    try {
      HandlerThreads.EXECUTOR.execute(this::write);
    } catch (RuntimeException | OutOfMemoryError e) {
      fail(new IOException("no thread is free to write", e));
    }
  }

  /// By the holder of the baton alone.
  void write() {
    // An interrupt is for the caller's own waiting; a channel would take it for an order to close.
    boolean interrupted = Thread.interrupted();
    try {
      ByteBuffer batch = WriteBuffers.take();
      while (next(batch)) {
        write(batch.flip());
      }
      WriteBuffers.giveBack(batch);
    } catch (IOException e) {
      fail(e, true);
    } catch (RuntimeException e) {
      fail(e);
    } catch (Error e) {
      // Whatever it is, such as the end of the stack or of memory: half a message may have gone.
      fail(new IOException("writing failed", e));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void write(ByteBuffer batch) throws IOException {
    Passengers with = departing;
    if (with == null) {
      transport.write(batch, List.of());
      return;
    }
    departing = null;
    try {
      transport.write(batch, with.descriptors());
    } catch (UnixFdsRefusedException e) {
      leaveOut(with.length(), batch);
      with.refused().accept(e);
    } finally {
      with.close();
    }
  }

  /// Writes what follows a message that cannot be sent, and begins with this batch.
  private void leaveOut(int length, ByteBuffer batch) throws IOException {
    int here = Math.min(length, batch.remaining());
    batch.position(batch.position() + here);
    discard(length - here);
    if (batch.hasRemaining()) {
      transport.write(batch, List.of());
    }
  }

  private void discard(int count) {
    lock.lock();
    try {
      if (!closed) {
        waiting.discard(count);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Fills the batch with what is to be written now; the baton is put down if there is nothing.
  private boolean next(ByteBuffer batch) {
    batch.clear();
    lock.lock();
    try {
      writing = !closed && waiting.size() > 0;
      if (writing) {
        departing = waiting.drainTo(batch);
      }
      changed.signalAll();
      if (!writing) {
        burst.written();
      }
      return writing;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until all that was sent is with the operating system, for that long at most.
  ///
  /// @return whether it is
  boolean flush(Duration patience) throws InterruptedException {
    if (collected()) {
      // Not here: there is no end to how long a peer may leave it unread.
      writeElsewhere();
    }
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed && writing && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return !closed && !writing;
    } finally {
      lock.unlock();
    }
  }

  private void fail(Exception why) {
    fail(why, false);
  }

  private void fail(Exception why, boolean peerIsGone) {
    if (close()) {
      whenBroken.broken(why, peerIsGone);
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
      waiting.clear();
      changed.signalAll();
      return open;
    } finally {
      lock.unlock();
    }
  }
}
