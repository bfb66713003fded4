package dbus.connection.reading;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A relief that fails puts everything back: the holder still reads, even if it comes back in that
/// very moment.
class FailedReliefTest {

  private static final int ROUNDS = 200_000;

  private final ReadingRole role =
      new ReadingRole(
          new ReadingRole.Relief() {
            @Override
            public boolean begin(Pace busy) {
              return false;
            }

            @Override
            public void end() {
              throw new AssertionError("nobody was relieved");
            }
          });

  @Test
  @DisplayName("CONN-51 the thread that reads keeps its role when no other thread can be had")
  void keepsItsRole() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CyclicBarrier both = new CyclicBarrier(2);
    Thread relieving =
        Thread.ofPlatform()
            .start(() -> {
              try {
                both.await(30, TimeUnit.SECONDS);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
              while (!over.get()) {
                for (int round = 0; round < 5; round++) {
                  var _ = role.look();
                }
              }
            });
    role.taken();
    both.await(30, TimeUnit.SECONDS);
    Pace pace = new Pace();
    try {
      for (int i = 0; i < ROUNDS; i++) {
        assertTrue(role.leave(role.enter(pace)), "in round " + i);
      }
    } finally {
      over.set(true);
      role.left();
      relieving.join();
    }
  }
}
