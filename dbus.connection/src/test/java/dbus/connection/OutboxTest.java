package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.outgoing.Outbox;
import dbus.connection.outgoing.Ticket;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.OptionalInt;
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
      peer.outbox(LIMIT, why -> broken.complete(String.valueOf(why.getMessage())));

  @BeforeEach
  void fill() throws Exception {
    Thread.ofPlatform().daemon().start(() -> CountingPeer.send(outbox, SIGNAL));
    // The first is on its way; two more wait, and are more than the limit.
    assertTrue(peer.writing().await(30, TimeUnit.SECONDS));
    assertTrue(post());
    assertTrue(post());
  }

  private boolean post() {
    return outbox.post(SIGNAL, Ticket.NONE);
  }

  @Test
  void oneWhoMustNotWaitGivesThePeerUp() throws Exception {
    assertFalse(post());
    assertTrue(broken.get(30, TimeUnit.SECONDS).startsWith("the peer does not read"));
  }

  @Test
  void oneWhoMayWaitWaitsForRoom() throws Exception {
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    Thread sender =
        Thread.ofPlatform().daemon().start(() -> sent.complete(CountingPeer.send(outbox, SIGNAL)));
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

  @Test
  @DisplayName("CONN-39 one who would rather fail than wait is told so, and the connection goes on")
  void oneWhoFails() throws Exception {
    OutgoingFullException full =
        assertThrows(
            OutgoingFullException.class,
            () -> outbox.offer(SIGNAL, OptionalInt.empty(), Ticket.NONE));
    assertEquals(
        "not sent: more than 1000 bytes wait for the peer to read them", full.getMessage());
    peer.reads();
    assertTrue(outbox.flush(Duration.ofSeconds(30)));
    int before = peer.bytes();
    assertTrue(outbox.offer(SIGNAL, OptionalInt.empty(), Ticket.NONE));
    assertTrue(outbox.flush(Duration.ofSeconds(30)));
    assertTrue(peer.bytes() > before + 600);
    assertFalse(broken.isDone());
  }

  @Test
  @DisplayName("CONN-40 one who waits gives up a peer that takes nothing for as long as is set")
  void patienceEnds() throws Exception {
    CountingPeer stuck = new CountingPeer();
    Outbox impatient =
        stuck.outbox(
            LIMIT, Duration.ofMillis(50), why -> broken.complete(String.valueOf(why.getMessage())));
    Thread.ofPlatform().daemon().start(() -> CountingPeer.send(impatient, SIGNAL));
    assertTrue(stuck.writing().await(30, TimeUnit.SECONDS));
    assertTrue(CountingPeer.send(impatient, SIGNAL));
    assertTrue(CountingPeer.send(impatient, SIGNAL));

    assertFalse(CountingPeer.send(impatient, SIGNAL));

    assertEquals(
        "the peer does not read: nothing was taken within PT0.05S",
        broken.get(30, TimeUnit.SECONDS));
    stuck.reads();
  }

  @Test
  @DisplayName("CONN-40 a peer that takes its time is waited for as long as it takes something")
  void slowPeer() throws Exception {
    CountingPeer slow = new CountingPeer().reads().slow(Duration.ofMillis(200));
    Outbox patient =
        slow.outbox(
            LIMIT, Duration.ofSeconds(2), why -> broken.complete(String.valueOf(why.getMessage())));
    // It needs more than the patience, in many pieces.
    Signal large = SIGNAL.withBody(Body.of(new Value.Str("x".repeat(1 << 20))));
    Thread.ofPlatform().daemon().start(() -> CountingPeer.send(patient, large));
    assertTrue(slow.writing().await(30, TimeUnit.SECONDS));

    assertTrue(CountingPeer.send(patient, SIGNAL));

    assertTrue(patient.flush(Duration.ofSeconds(30)));
    assertTrue(slow.bytes() > 1 << 20);
    assertFalse(broken.isDone());
  }

  @Test
  void patienceMayBeEndless() throws Exception {
    CountingPeer reading = new CountingPeer().reads();
    Outbox endless =
        reading.outbox(
            LIMIT,
            ChronoUnit.FOREVER.getDuration(),
            why -> broken.complete(String.valueOf(why.getMessage())));
    assertTrue(CountingPeer.send(endless, SIGNAL));
    assertTrue(reading.bytes() > 600);
  }
}
