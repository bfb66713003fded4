package dbus.fuzz;

import dbus.auth.Credentials;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.UnixFds;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A transport without a socket and without threads of its own: the target pushes what the peer
/// sends, on its own thread, and keeps what the peer would get.
final class FuzzedTransport implements Transport {

  static final long UID = 4711;

  /// Nothing here takes this long, on any machine.
  static final long HANGING_SECONDS = 30;

  private volatile boolean slow;
  private final CountDownLatch reads = new CountDownLatch(1);
  private final BlockingQueue<Boolean> resumed = new LinkedBlockingQueue<>();
  private final List<FileDescriptor> given = new ArrayList<>();
  private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private volatile Optional<Receiver> receiver = Optional.empty();
  private volatile boolean closed;

  // What the connection does.

  @Override
  public void start(Receiver receiver) {
    this.receiver = Optional.of(receiver);
  }

  @Override
  public void readElsewhere() {
    Thread.ofPlatform().daemon().start(() -> resumed.add(receiver.orElseThrow().resumed()));
  }

  @Override
  public void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    if (!slow || reads.getCount() == 0) {
      take(bytes, unixFds);
    }
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    if (slow) {
      try {
        reads.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    take(bytes, unixFds);
  }

  private synchronized void take(ByteBuffer bytes, List<FileDescriptor> unixFds)
      throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    if (!bytes.hasRemaining()
        || unixFds.size() > maxUnixFds()
        || !unixFds.stream().allMatch(FileDescriptor::valid)) {
      mistakes.add(bytes + " with " + unixFds);
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    written.writeBytes(copy);
  }

  @Override
  public Credentials credentials() {
    return Credentials.ofUid(UID);
  }

  @Override
  public int maxUnixFds() {
    return UnixFds.MAX;
  }

  @Override
  public void close() {
    closed = true;
    reads.countDown();
  }

  // What the target does.

  /// Sends bytes, with descriptors, and waits until somebody reads again.
  ///
  /// @param whenStuck lets those go on for whom the connection waits
  void push(ByteBuffer bytes, int unixFds, Runnable whenStuck) {
    List<FileDescriptor> set = new ArrayList<>();
    for (int i = 0; i < unixFds; i++) {
      set.add(open());
    }
    given.addAll(set);
    if (!receiver.orElseThrow().received(bytes, set)) {
      awaitReader(whenStuck);
    }
  }

  private void awaitReader(Runnable whenStuck) {
    long begun = System.nanoTime();
    try {
      Optional<Boolean> reading;
      do {
        reading = Optional.ofNullable(resumed.poll(1, TimeUnit.MILLISECONDS));
        if (reading.isEmpty()) {
          whenStuck.run();
        }
        Claim.isTrue(
            System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(HANGING_SECONDS), "it is read");
      } while (!reading.orElse(false));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void end(Optional<IOException> failure) {
    receiver.orElseThrow().ended(failure);
  }

  /// The peer reads nothing until it is told to.
  void readLater() {
    slow = true;
  }

  /// From now on the peer reads.
  void read() {
    reads.countDown();
  }

  /// What was written so far.
  synchronized byte[] written() {
    return written.toByteArray();
  }

  /// What should never have been written: nothing, or descriptors that are closed.
  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  boolean isClosed() {
    return closed;
  }

  /// Whether the connection has closed all that it was given.
  boolean areUnixFdsClosed() {
    return given.stream().noneMatch(FileDescriptor::valid);
  }

  private static FileDescriptor open() {
    try {
      return new FileInputStream("/dev/null").getFD();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
