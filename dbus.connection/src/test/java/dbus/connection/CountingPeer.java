package dbus.connection;

import dbus.auth.Credentials;
import dbus.connection.observing.Onlookers;
import dbus.connection.outgoing.Outbox;
import dbus.connection.outgoing.OutboxObserver;
import dbus.connection.outgoing.Ticket;
import dbus.connection.reading.ReadingGate;
import dbus.connection.spending.Spending;
import dbus.connection.threads.Relay;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.Message;
import java.io.FileDescriptor;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A peer that counts what is written to it, and reads nothing until it is told to.
final class CountingPeer implements Transport {

  private final CountDownLatch writing = new CountDownLatch(1);
  private final CountDownLatch reading = new CountDownLatch(1);
  private volatile int bytes;
  private volatile int writes;
  private volatile Duration pause = Duration.ZERO;
  private volatile Runnable meanwhile = () -> {};

  /// An outbox that writes to this peer.
  ///
  /// @param limit in bytes
  Outbox outbox(long limit, Consumer<Exception> whenBroken) {
    return outbox(limit, ConnectionLimits.DEFAULT_OUTGOING_TIME, whenBroken);
  }

  Outbox outbox(long limit, Duration patience, Consumer<Exception> whenBroken) {
    return new Outbox(
        this,
        new Onlookers(),
        limit,
        patience,
        new Spending().queue(),
        serial -> false,
        new ReadingGate(false, () -> {}),
        new Relay(),
        new OutboxObserver() {
          @Override
          public void broken(Exception why, boolean peerIsGone) {
            whenBroken.accept(why);
          }

          @Override
          public void roomAgain() {}
        });
  }

  /// Sends a message, and waits for room.
  static boolean send(Outbox outbox, Message message) {
    try {
      return outbox.send(message, OptionalInt.empty(), Ticket.NONE);
    } catch (InterruptedIOException e) {
      throw new AssertionError(e);
    }
  }

  /// Reads from now on.
  CountingPeer reads() {
    reading.countDown();
    return this;
  }

  /// Takes that long for each piece.
  CountingPeer slow(Duration pause) {
    this.pause = pause;
    return this;
  }

  /// Has something done while a piece is written, by the thread that writes.
  void meanwhile(Runnable action) {
    this.meanwhile = action;
  }

  /// Opens when something is about to be written.
  CountDownLatch writing() {
    return writing;
  }

  int bytes() {
    return bytes;
  }

  int writes() {
    return writes;
  }

  @Override
  public void start(Receiver receiver) {}

  @Override
  public void readElsewhere() {}

  @Override
  public void offer(ByteBuffer piece, List<FileDescriptor> unixFds) {
    if (reading.getCount() == 0 && pause.isZero()) {
      write(piece, unixFds);
    }
  }

  // One thread at a time writes.
  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate")
  public void write(ByteBuffer piece, List<FileDescriptor> unixFds) {
    writing.countDown();
    try {
      reading.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    LockSupport.parkNanos(pause.toNanos());
    meanwhile.run();
    writes++;
    bytes += piece.remaining();
    piece.position(piece.limit());
  }

  @Override
  public Credentials credentials() {
    return Credentials.UNKNOWN;
  }

  @Override
  public int maxUnixFds() {
    return 0;
  }

  @Override
  public void close() {}
}
