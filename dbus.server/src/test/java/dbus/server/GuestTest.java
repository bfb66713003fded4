package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.UnixPath;
import dbus.auth.Credentials;
import dbus.connection.transport.TransportPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SERV-29 a peer owes a line from the moment when its handshake begins, and not before")
class GuestTest {

  private static Guest guest(int number) {
    return new Guest(
        new AcceptedPeer(number, UnixPath.of("/s"), Credentials.UNKNOWN, Optional.empty()),
        TransportPair.inMemory().server(),
        new MemoryListener());
  }

  @Test
  void howLongItHasBeenSilent() {
    Guest guest = guest(1);
    long never = System.nanoTime() + Duration.ofDays(1).toNanos();
    assertEquals(-1, guest.silentFor(never));
    guest.begins();
    assertTrue(guest.silentFor(never) > 0);
  }

  @Test
  @DisplayName(
      "one that is let in, and not begun with, need not make room, however short the grace")
  void isNotPutOutBefore() throws Exception {
    BlockingQueue<Guest> putOut = new LinkedBlockingQueue<>();
    UnfinishedHandshakes handshakes = new UnfinishedHandshakes(1, Duration.ofNanos(1), putOut::add);
    Guest first = guest(1);
    Guest second = guest(2);
    assertTrue(handshakes.enter(first));

    BlockingQueue<Boolean> entered = new LinkedBlockingQueue<>();
    Thread waiting = Thread.ofPlatform().start(() -> entered.add(handshakes.enter(second)));
    while (waiting.getState() != Thread.State.TIMED_WAITING && entered.isEmpty()) {
      Thread.onSpinWait();
    }
    // It has looked, and found nobody to put out.
    assertEquals(List.of(), List.copyOf(putOut));

    first.begins();
    assertTrue(Witness.next(entered));
    assertEquals(List.of(first), List.copyOf(putOut));
    waiting.join();
  }
}
