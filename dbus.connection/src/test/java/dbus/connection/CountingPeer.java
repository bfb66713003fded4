package dbus.connection;

import dbus.auth.Credentials;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/// A peer that counts what is written to it, and reads nothing until it is told to.
final class CountingPeer implements Transport {

  private final CountDownLatch writing = new CountDownLatch(1);
  private final CountDownLatch reading = new CountDownLatch(1);
  private volatile int bytes;
  private volatile int writes;
  private volatile Duration pause = Duration.ZERO;

  /// An outbox that writes to this peer.
  ///
  /// @param limit in bytes
  Outbox outbox(long limit, WhenBroken whenBroken) {
    return outbox(limit, ConnectionLimits.DEFAULT_OUTGOING_TIME, whenBroken);
  }

  Outbox outbox(long limit, Duration patience, WhenBroken whenBroken) {
    return new Outbox(
        this,
        new Filters(),
        new Wiretaps(),
        new Events(),
        limit,
        patience,
        new Spending().queue(),
        serial -> false,
        whenBroken);
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
