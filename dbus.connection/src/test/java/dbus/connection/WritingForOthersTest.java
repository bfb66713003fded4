package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.outgoing.Outbox;
import dbus.connection.outgoing.Ticket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-50 who sends writes what others have sent")
class WritingForOthersTest {

  @Test
  @DisplayName("for a moment, and comes back though others send all the time")
  void comesBack() throws Exception {
    CountingPeer peer = new CountingPeer().reads();
    CompletableFuture<Exception> broken = new CompletableFuture<>();
    Outbox outbox = peer.outbox(1 << 20, broken::complete);
    AtomicBoolean over = new AtomicBoolean();
    // As if others did, between any two pieces.
    peer.meanwhile(() -> {
      if (!over.get()) {
        assertTrue(outbox.post(ScriptedPeer.signal("others"), Ticket.NONE));
      }
    });
    CompletableFuture<Boolean> sent =
        CompletableFuture.supplyAsync(
            () -> CountingPeer.send(outbox, ScriptedPeer.signal("mine")),
            task -> {
              var _ = Thread.ofPlatform().daemon().start(task);
            });
    try {
      assertTrue(sent.get(30, TimeUnit.SECONDS));
    } finally {
      over.set(true);
    }
    assertTrue(outbox.flush(Duration.ofSeconds(30)));
    assertFalse(broken.isDone());
  }
}
