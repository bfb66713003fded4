package dbus.connection.outgoing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-04 serials")
class SerialsTest {
  private static List<Integer> take(int count, Serials serials) {
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int serial = serials.next();
      serials.given(serial);
      taken.add(serial);
    }
    return taken;
  }

  @Test
  void countFromOne() {
    assertEquals(List.of(1, 2, 3), take(3, new Serials(serial -> false)));
  }

  @Test
  void areUnsignedAndOneFollowsTheLast() {
    Serials serials = new Serials(serial -> false);
    serials.given(0xffff_fffd);
    assertEquals(List.of(0xffff_fffe, 0xffff_ffff, 1, 2), take(4, serials));
  }

  @Test
  void skipThoseThatAReplyIsStillWaitedFor() {
    Serials serials = new Serials(Set.of(0xffff_ffff, 1, 3)::contains);
    serials.given(0xffff_fffe);
    assertEquals(List.of(2, 4), take(2, serials));
  }

  @Test
  void areOnlyUsedUpByWhatIsSent() {
    Serials serials = new Serials(serial -> false);
    assertEquals(1, serials.next());
    assertEquals(1, serials.next());
  }
}
