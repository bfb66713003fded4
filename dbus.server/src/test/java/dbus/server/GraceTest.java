package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SEC-15 how long a silent peer is suffered while others wait")
class GraceTest {

  private static final int ROOM = 64;
  private static final long WHOLE = Duration.ofMillis(250).toNanos();

  private final Grace grace = new Grace(Duration.ofMillis(250), ROOM);

  private void putOut(int count) {
    for (int i = 0; i < count; i++) {
      grace.onePutOut();
    }
  }

  @Test
  void thoseWhoFillTheRoomFirstHaveTheWholeOfIt() {
    putOut(ROOM - 1);
    assertEquals(WHOLE, grace.now());
  }

  @Test
  void eachFurtherRoomfulHasHalf() {
    for (int halvings = 1; halvings <= 2; halvings++) {
      putOut(ROOM);
      assertEquals(WHOLE >> halvings, grace.now());
    }
  }

  @Test
  void nobodyHasLessThanAQuarter() {
    putOut(1_000_000);
    assertEquals(WHOLE / 4, grace.now());
  }

  @Test
  @DisplayName(
      "behind 1,000 silent peers that came at once the next waits for little more than a second")
  void aThousand() {
    long waited = 0;
    for (int left = 1000; left > 0; left -= ROOM) {
      // All of a roomful came at once, and are put out at once.
      waited += grace.now();
      putOut(ROOM);
    }
    assertTrue(waited < Duration.ofMillis(1300).toNanos(), Duration.ofNanos(waited)::toString);
  }

  @Test
  void allHaveTheWholeOfItAgainOnceTheRoomIsHalfEmpty() {
    putOut(ROOM);
    grace.oneLeft(ROOM / 2 + 1);
    assertEquals(WHOLE / 2, grace.now());
    grace.oneLeft(ROOM / 2);
    assertEquals(WHOLE, grace.now());
  }

  @Test
  void oneWithoutEndStaysSo() {
    Grace endless = new Grace(Duration.ofDays(10_000), 1);
    for (int i = 0; i < 10; i++) {
      endless.onePutOut();
    }
    assertTrue(endless.now() > Duration.ofDays(365).toNanos());
  }
}
