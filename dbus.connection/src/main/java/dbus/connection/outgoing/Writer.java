package dbus.connection.outgoing;

import dbus.connection.threads.HandlerThreads;
import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixFdsRefusedException;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Writes what waits in an [Outbox] to the transport.
///
/// There is one baton, which the outbox gives and takes back under its lock; only its holder is in
/// here. Whoever sends a message takes the baton if it is free, and *offers* what waits to the
/// transport, which takes as much as it can without waiting. So the thread that sends never waits
/// for the peer, be it one that reads, a virtual thread, or one that is interrupted. If the peer is
/// slower than that, the baton goes to one of the [HandlerThreads], which may wait, and writes
/// until nothing waits any more.
///
/// No code of the user's runs here.
final class Writer {

  private final Transport transport;
  private final Outbox outbox;

  /// How long to go on offering, in nanoseconds. A hop to another thread costs a part of this.
  private static final long MOMENT = 200_000;

  /// Whether the transport has ever taken what was offered; some can only wait. Of the holder of
  /// the baton.
  private boolean tookSome;

  /// What travels with the first byte of the batch; of the holder of the baton.
  private @Nullable Passengers departing;

  Writer(Transport transport, Outbox outbox) {
    this.transport = transport;
    this.outbox = outbox;
  }

  /// By the holder of the baton, on any thread: writes what the peer takes at once, and leaves the
  /// rest to another thread.
  void write() {
    guarded(() -> {
      ByteBuffer batch = WriteBuffers.take();
      long giveUp = System.nanoTime() + MOMENT;
      while (fill(batch)) {
        offer(batch);
        // Nor is one who sends to write for others all the time.
        if (!offeredAgain(batch, giveUp) || System.nanoTime() - giveUp > 0) {
          HandlerThreads.EXECUTOR.execute(() -> guarded(() -> writeOn(batch)));
          return;
        }
      }
      WriteBuffers.giveBack(batch);
    });
  }

  /// A peer that is about to read makes room sooner than another thread would be there.
  ///
  /// @return whether all was taken
  @SuppressWarnings("ThreadPriorityCheck")
  private boolean offeredAgain(ByteBuffer batch, long giveUp) throws IOException {
    while (tookSome && batch.hasRemaining() && System.nanoTime() - giveUp < 0) {
      Thread.yield();
      offer(batch);
    }
    return !batch.hasRemaining();
  }

  /// On a thread that may wait.
  private void writeOn(ByteBuffer begun) throws IOException {
    do {
      if (begun.hasRemaining()) {
        writeWaiting(begun);
      }
    } while (fill(begun));
    WriteBuffers.giveBack(begun);
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void guarded(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      failed(e, true);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      failed(new IOException("nothing can be written: a thread or memory is missing", e), false);
    } catch (RuntimeException e) {
      failed(e, false);
    } catch (Error e) {
      // Whatever it is, such as the end of the stack: half a message may have gone.
      failed(new IOException(e.toString(), e), false);
    }
  }

  private void failed(Exception why, boolean peerIsGone) {
    Passengers with = departing;
    if (with != null) {
      gone(with);
    }
    outbox.fail(why, peerIsGone);
  }

  /// Takes what is to be written next.
  ///
  /// @return false if there is nothing; then the baton is put down
  private boolean fill(ByteBuffer batch) {
    batch.clear();
    departing = null;
    boolean more = outbox.next(this, batch);
    batch.flip();
    return more;
  }

  /// Under the lock of the outbox.
  void departs(@Nullable Passengers with) {
    departing = with;
  }

  private void offer(ByteBuffer batch) throws IOException {
    int before = batch.position();
    offerWith(batch);
    tookSome |= batch.position() > before;
  }

  private void offerWith(ByteBuffer batch) throws IOException {
    Passengers with = departing;
    if (with == null) {
      transport.offer(batch, List.of());
      return;
    }
    int before = batch.position();
    try {
      transport.offer(batch, descriptors(with));
    } catch (UnixFdsRefusedException e) {
      leaveOut(with, batch, e);
      transport.offer(batch, List.of());
      return;
    } catch (IOException | RuntimeException | Error e) {
      gone(with);
      throw e;
    }
    if (batch.position() > before) {
      gone(with);
    }
  }

  private void writeWaiting(ByteBuffer batch) throws IOException {
    Passengers with = departing;
    if (with == null) {
      transport.write(batch, List.of());
      return;
    }
    try {
      transport.write(batch, descriptors(with));
    } catch (UnixFdsRefusedException e) {
      leaveOut(with, batch, e);
      if (batch.hasRemaining()) {
        transport.write(batch, List.of());
      }
    } finally {
      gone(with);
    }
  }

  private void gone(Passengers with) {
    departing = null;
    with.close();
  }

  /// Whoever owned a descriptor before may have closed it while it waited here.
  private static List<FileDescriptor> descriptors(Passengers with) throws UnixFdsRefusedException {
    try {
      return with.descriptors();
    } catch (IllegalStateException e) {
      throw new UnixFdsRefusedException("a file descriptor was closed before it could leave", e);
    }
  }

  /// Passes over a message that cannot be sent; the batch begins with it.
  private void leaveOut(Passengers with, ByteBuffer batch, UnixFdsRefusedException why) {
    int here = Math.min(with.length(), batch.remaining());
    batch.position(batch.position() + here);
    outbox.discard(with.length() - here);
    gone(with);
    outbox.refused(with, why);
  }
}
