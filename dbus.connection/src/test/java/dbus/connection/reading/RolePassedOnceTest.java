package dbus.connection.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A machine may be so busy that a thread takes rounds of the watch to start.
class RolePassedOnceTest {

  private final AtomicInteger readers = new AtomicInteger();
  private final ReadingRole role = new ReadingRole(new SlowToStart());

  private final class SlowToStart implements ReadingRole.Relief {
    @Override
    public boolean begin(Pace busy) {
      readers.incrementAndGet();
      for (int round = 0; round < 50; round++) {
        var _ = role.look();
      }
      return true;
    }

    @Override
    public void end() {}
  }

  @AfterEach
  void leave() {
    role.left();
  }

  @Test
  @Timeout(30)
  void aRoleThatIsBeingPassedIsNotPassedAgain() {
    role.taken();
    long entered = role.enter(new Pace());

    ReadingRole.passFromHere();

    assertEquals(1, readers.get());
    assertFalse(role.leave(entered));
    // Waits until the role has been passed: for ever, if it was passed once too often.
    role.taken();
    assertEquals(1, readers.get());
  }
}
