package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
  private final CountingPeer peer = new CountingPeer();
  private final Outbox outbox =
      peer.outbox(LIMIT, (why, gone) -> broken.complete(String.valueOf(why.getMessage())));

  @BeforeEach
  void fill() throws Exception {
    Thread.ofPlatform().daemon().start(() -> outbox.send(SIGNAL));
    // The first is on its way; two more wait, and are more than the limit.
    assertTrue(peer.writing().await(30, TimeUnit.SECONDS));
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
    peer.reads();
    assertTrue(sent.get(30, TimeUnit.SECONDS));
    outbox.flush(Duration.ofSeconds(30));
    assertFalse(broken.isDone());
    assertEquals(0, peer.bytes() % 4);
    assertTrue(peer.bytes() > 4 * 600);
  }
}
