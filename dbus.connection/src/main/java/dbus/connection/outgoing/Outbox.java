package dbus.connection.outgoing;

import dbus.connection.Direction;
import dbus.connection.OutgoingFullException;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.observing.Onlookers;
import dbus.connection.reading.ReadingGate;
import dbus.connection.reading.ReadingGate.Reason;
import dbus.connection.spending.OverBudgetException;
import dbus.connection.spending.Share;
import dbus.connection.threads.Relay;
import dbus.connection.transport.Transport;
import dbus.wire.Message;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What waits to be written to the peer: who may put something in, and in which order it leaves.
/// How it is written is the business of the [Writer].
///
/// Whoever sends encodes its message behind what waits already, under the lock, so that the order
/// of the serials is the order on the wire. If nobody is writing, it then takes the baton, and
/// writes, without the lock, until nothing waits or the peer takes no more: its own message and
/// those that others have added meanwhile, as one piece. So a message that meets an idle connection
/// is written by the thread that sends it, with no hop to another, and many small ones share a
/// system call.
///
/// The thread that reads collects the replies that it gives, and writes them when it has dealt with
/// all that one read brought. What a handler on another thread sends in a [Burst] waits for a
/// moment.
///
/// **Back pressure.** Beyond the limit senders wait, or do what else [WhenFull] says. If what waits
/// is more than one message, the outbox is *full*: nothing is read from the peer, and no handler
/// begins, until half of it is gone. If the peer takes nothing for as long as the [Patience] lasts,
/// it is given up. An interrupt ends the wait of the thread that is interrupted, whose message is
/// then not sent, and nothing else.
///
/// File descriptors belong to this class from the call of a method that sends on, and are closed
/// when they have left, or when they cannot.
///
/// `writing` is the baton: it is set under the lock for the thread that becomes the writer, and
/// cleared under the lock when that finds nothing more. Only its holder writes to the transport.
public final class Outbox {

  /// How much a thread collects before it is written, in bytes.
  private static final int COLLECTED = 1 << 16;

  private final OutboxObserver observer;
  private final long limit;
  private final Serials serials;
  private final Onlookers onlookers;
  private final ReadingGate gate;
  private final Relay relay;
  private final Writer writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Burst burst = new Burst(this::writeHeld);
  private final OutgoingQueue waiting;
  private final Patience patience;
  private boolean writing;
  private boolean finishing;
  private boolean closed;
  private volatile boolean full;

  /// The thread that collects what it sends, until it has dealt with all that one read brought.
  private @Nullable Thread collecting;

  /// @param limit in bytes
  /// @param patience how long the peer may take nothing while more than that waits
  /// @param share of the budget, for what waits
  /// @param inUse which serials cannot be given again
  /// @param relay tells senders what has become of their messages
  public Outbox(
      Transport transport,
      Onlookers onlookers,
      long limit,
      Duration patience,
      Share share,
      IntPredicate inUse,
      ReadingGate gate,
      Relay relay,
      OutboxObserver observer) {
    this.onlookers = onlookers;
    this.limit = limit;
    this.waiting = new OutgoingQueue(share);
    this.serials = new Serials(inUse);
    this.gate = gate;
    this.relay = relay;
    this.observer = observer;
    this.writer = new Writer(transport, this);
    this.patience = new Patience(patience, this::lookAtPatience);
  }

  /// Says how many file descriptors a message may have.
  public void allowUnixFds(int most) {
    waiting.allowUnixFds(most);
  }

  /// How many file descriptors a message may have.
  public int maxUnixFds() {
    return waiting.maxUnixFds();
  }

  /// Whether so much waits that no handler is to begin; on any thread.
  public boolean isFull() {
    return full;
  }

  /// Sends a message. Waits for room if too much is queued already.
  ///
  /// @return whether the connection still takes messages
  /// @throws InterruptedIOException if the thread is interrupted while it waits; the message is not
  ///   sent then, and the thread is still marked as interrupted
  /// @throws IllegalArgumentException if the message cannot be encoded; nothing is sent then
  public boolean send(Message message, OptionalInt preserved, Ticket ticket)
      throws InterruptedIOException {
    try {
      return put(message, WhenFull.WAIT, Long.MAX_VALUE, preserved, ticket);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while too much waited for the peer to read it");
    } catch (OutgoingFullException e) {
      throw new AssertionError(e);
    }
  }

  /// Sends a call. Waits for room if too much is queued already, but no longer than its time limit.
  ///
  /// @param nanos how long
  /// @return whether the connection still takes messages
  /// @throws OutgoingFullException if there was no room for so long
  /// @throws IllegalArgumentException as [#send]
  public boolean sendWithin(long nanos, Message message, Ticket ticket)
      throws OutgoingFullException, InterruptedException {
    return put(message, WhenFull.WAIT, nanos, OptionalInt.empty(), ticket);
  }

  /// Sends a message without ever waiting for the peer. A peer that has let too much pile up is
  /// disconnected.
  ///
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException as [#send]
  public boolean post(Message message, Ticket ticket) {
    return putNow(message, WhenFull.END, ticket);
  }

  /// Sends an answer, without ever waiting for the peer, and however much has piled up.
  ///
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException as [#send]
  public boolean answer(Message message, Ticket ticket) {
    return putNow(message, WhenFull.QUEUE, ticket);
  }

  private boolean putNow(Message message, WhenFull whenFull, Ticket ticket) {
    try {
      return put(message, whenFull, 0, OptionalInt.empty(), ticket);
    } catch (OutgoingFullException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Sends a message, unless too much has piled up: the connection goes on without the message.
  ///
  /// @param preserved its serial, if that is to be kept
  /// @return whether the connection still takes messages
  /// @throws IllegalArgumentException as [#send]
  public boolean offer(Message message, OptionalInt preserved, Ticket ticket)
      throws OutgoingFullException {
    try {
      return put(message, WhenFull.FAIL, 0, preserved, ticket);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean put(
      Message message, WhenFull whenFull, long nanos, OptionalInt preserved, Ticket ticket)
      throws OutgoingFullException, InterruptedException {
    Optional<Message> left = onlookers.filters().outgoing(message, ticket::refused);
    return left.isEmpty() || queue(left.get(), whenFull, nanos, preserved, ticket);
  }

  /// Sends a message that the filters have seen already, as [#post] does.
  public boolean postFiltered(Message message, Ticket ticket) {
    try {
      return queue(message, WhenFull.END, 0, OptionalInt.empty(), ticket);
    } catch (OutgoingFullException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean queue(
      Message message, WhenFull whenFull, long nanos, OptionalInt preserved, Ticket ticket)
      throws OutgoingFullException, InterruptedException {
    boolean iWrite = false;
    boolean taken = false;
    boolean giveUp = false;
    lock.lock();
    try {
      if (isTaking() && waiting.size() > limit && whenFull != WhenFull.QUEUE) {
        giveUp = whenFull == WhenFull.END;
        if (!giveUp) {
          awaitRoom(nanos);
        }
      }
      if (!isTaking() || giveUp) {
        Descriptors.close(message);
      } else {
        iWrite = add(message, preserved, ticket);
        taken = true;
      }
    } catch (OutgoingFullException | InterruptedException e) {
      Descriptors.close(message);
      throw e;
    } finally {
      lock.unlock();
    }
    if (giveUp) {
      fail(new NotReadException("more than " + limit + " bytes wait for it"), false);
      return false;
    }
    if (waiting.isOverBudget()) {
      fail(new OverBudgetException(), false);
      return false;
    }
    if (iWrite) {
      writer.write();
    }
    return taken;
  }

  private boolean isTaking() {
    return !closed && !finishing;
  }

  /// Under the lock.
  private void awaitRoom(long nanos) throws OutgoingFullException, InterruptedException {
    long left = nanos;
    while (isTaking() && waiting.size() > limit) {
      if (left <= 0) {
        throw new OutgoingFullException(limit);
      }
      left = changed.awaitNanos(left);
    }
  }

  /// Under the lock. Says whether the caller is now the writer.
  private boolean add(Message message, OptionalInt preserved, Ticket ticket) {
    int serial;
    try {
      serial = preserved.isPresent() ? serials.requireFree(preserved.getAsInt()) : serials.next();
    } catch (IllegalArgumentException e) {
      Descriptors.close(message);
      throw e;
    }
    int length = waiting.append(message, serial, ticket);
    onlookers.events().passed(Direction.OUTGOING, message, serial);
    if (!onlookers.wiretaps().isEmpty()) {
      onlookers.wiretaps().sent(waiting.bytes(), length);
    }
    if (preserved.isEmpty()) {
      serials.given(serial);
    }
    ticket.given(serial);
    if (waiting.size() > limit) {
      patience.begin();
      if (waiting.isSeveral() && !full) {
        full = true;
        gate.shut(Reason.OUTGOING);
      }
    }
    boolean waits = Thread.currentThread().equals(collecting) || burst.holds(message);
    return takeBaton(!waits || waiting.size() > Math.min(COLLECTED, limit));
  }

  /// Under the lock. Says whether the caller is now the writer.
  private boolean takeBaton(boolean wanted) {
    if (writing || !wanted || closed || waiting.size() == 0) {
      return false;
    }
    writing = true;
    return true;
  }

  /// Writes what waits, unless another thread does.
  private void writeHeld() {
    write(false);
  }

  private void write(boolean endsCollecting) {
    boolean iWrite;
    lock.lock();
    try {
      if (endsCollecting) {
        collecting = null;
      }
      iWrite = takeBaton(true);
    } finally {
      lock.unlock();
    }
    if (iWrite) {
      writer.write();
    }
  }

  /// What handlers send that run on threads of their own.
  public Burst burst() {
    return burst;
  }

  /// What the calling thread sends from now on is not written at once.
  public void collect() {
    lock.lock();
    try {
      collecting = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the collecting, of whichever thread, and writes what was collected.
  public void writeCollected() {
    write(true);
  }

  /// By the writer: fills the batch with what is to be written now; the baton is put down if there
  /// is nothing. All that was taken before has been written.
  boolean next(Writer mine, ByteBuffer batch) {
    boolean roomAgain = false;
    boolean sendReader = false;
    boolean more;
    lock.lock();
    try {
      waiting.wrote();
      writing = !closed && waiting.size() > 0;
      more = writing;
      if (more) {
        mine.departs(waiting.drainTo(batch));
        patience.taken();
      } else {
        burst.written();
      }
      if (waiting.size() <= limit) {
        patience.end();
      }
      if (full && (waiting.size() <= limit / 2 || !waiting.isSeveral())) {
        full = false;
        roomAgain = true;
        sendReader = gate.open(Reason.OUTGOING);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (sendReader) {
      gate.sendReader();
    }
    if (roomAgain) {
      observer.roomAgain();
    }
    return more;
  }

  /// By the writer: the rest of a message is not to be written.
  void discard(int count) {
    lock.lock();
    try {
      if (!closed) {
        waiting.discard(count);
      }
    } finally {
      lock.unlock();
    }
  }

  /// By the writer: a message is not sent.
  void refused(Passengers with, IOException why) {
    relay.add("what depends on a message", () -> with.ticket().refused(why));
  }

  private void lookAtPatience() {
    boolean over;
    lock.lock();
    try {
      over = !closed && patience.isOver();
    } finally {
      lock.unlock();
    }
    if (over) {
      fail(new NotReadException("nothing was taken within " + patience.limit()), false);
    }
  }

  /// Waits until all that was sent so far is with the operating system, for that long at most, and
  /// not for what is sent meanwhile.
  ///
  /// @return whether it is
  public boolean flush(Duration atMost) throws InterruptedException {
    long nanos = atMost.compareTo(Patience.LONGEST) < 0 ? atMost.toNanos() : Long.MAX_VALUE;
    writeHeld();
    lock.lockInterruptibly();
    try {
      long target = waiting.queuedTo();
      while (!closed && waiting.writtenTo() < target && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return waiting.writtenTo() >= target;
    } finally {
      lock.unlock();
    }
  }

  /// Whether all that was sent is with the operating system already.
  public boolean isFlushed() {
    lock.lock();
    try {
      return waiting.writtenTo() == waiting.queuedTo();
    } finally {
      lock.unlock();
    }
  }

  /// Whether nothing is written any more.
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more, and still writes what waits.
  public void finish() {
    lock.lock();
    try {
      finishing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void fail(Exception why, boolean peerIsGone) {
    if (end()) {
      observer.broken(why, peerIsGone);
      observer.roomAgain();
    }
  }

  /// Takes nothing more, and forgets what waits.
  ///
  /// @return whether it was open
  public boolean close() {
    boolean open = end();
    if (open) {
      observer.roomAgain();
    }
    return open;
  }

  private boolean end() {
    boolean sendReader;
    lock.lock();
    try {
      boolean open = !closed;
      closed = true;
      full = false;
      patience.end();
      waiting.clear();
      changed.signalAll();
      sendReader = gate.open(Reason.OUTGOING);
      if (!open) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    if (sendReader) {
      gate.sendReader();
    }
    return true;
  }
}
