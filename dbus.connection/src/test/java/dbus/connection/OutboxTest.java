package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-39, CONN-40 what waits for a peer that does not read")
class OutboxTest {
  private static final int LIMIT = 1000;

  /// More than half of the limit.
  private static final Signal SIGNAL =
      Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C"))
          .withBody(Body.of(new Value.Str("x".repeat(600))));

  private final CompletableFuture<String> broken = new CompletableFuture<>();
  private final PeerThatDoesNotRead peer = new PeerThatDoesNotRead();
  private final Outbox outbox =
      new Outbox(
          peer,
          new Filters(),
          new Wiretaps(),
          new Events(),
          LIMIT,
          new Spending().queue(),
          serial -> false,
          (why, gone) -> broken.complete(String.valueOf(why.getMessage())));

  private static final class PeerThatDoesNotRead implements Transport {
    final CountDownLatch writing = new CountDownLatch(1);
    final CountDownLatch reads = new CountDownLatch(1);
    final AtomicInteger bytes = new AtomicInteger();

    @Override
    public void start(Receiver receiver) {}

    @Override
    public void readElsewhere() {}

    @Override
    public void write(ByteBuffer piece, List<FileDescriptor> unixFds) {
      writing.countDown();
      try {
        reads.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      bytes.addAndGet(piece.remaining());
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

  @BeforeEach
  void fill() throws Exception {
    Thread.ofPlatform().daemon().start(() -> outbox.send(SIGNAL));
    // The first is on its way; two more wait, and are more than the limit.
    assertTrue(peer.writing.await(30, TimeUnit.SECONDS));
    assertTrue(post());
    assertTrue(post());
  }

  private boolean post() {
    return outbox.post(SIGNAL, serial -> {}, refused -> {});
  }

  @Test
  void oneWhoMustNotWaitGivesThePeerUp() throws Exception {
    assertFalse(post());
    assertTrue(broken.get(30, TimeUnit.SECONDS).startsWith("the peer does not read"));
  }

  @Test
  void oneWhoMayWaitWaitsForRoom() throws Exception {
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    Thread sender = Thread.ofPlatform().daemon().start(() -> sent.complete(outbox.send(SIGNAL)));
    while (sender.getState() != Thread.State.TIMED_WAITING) {
      assertFalse(sent.isDone(), "it did not wait");
      Thread.onSpinWait();
    }
    peer.reads.countDown();
    assertTrue(sent.get(30, TimeUnit.SECONDS));
    outbox.flush(Duration.ofSeconds(30));
    assertFalse(broken.isDone());
    assertEquals(0, peer.bytes.get() % 4);
    assertTrue(peer.bytes.get() > 4 * 600);
  }
}
