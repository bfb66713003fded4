package dbus.connection.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// How long a message may take to be complete.
class CompletionWatchTest {

  /// Far longer than a wait of a millisecond takes on a busy machine.
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final CompletableFuture<Duration> late = new CompletableFuture<>();

  private void hasComeLate() throws Exception {
    assertEquals(LIMIT, late.get(30, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("CONN-43, FD-13 a peer that has the reading stop again and again wins no time by it")
  void pausesGiveNoTime() throws Exception {
    CompletionWatch watch = new CompletionWatch(Optional.empty(), LIMIT, late::complete);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!late.isDone()) {
      assertTrue(System.nanoTime() < deadline, "each pause begins the time anew");
      watch.endRead(true, true);
      Thread.sleep(1);
      watch.pause();
    }
    hasComeLate();
  }

  @Test
  @DisplayName(
      "CONN-43, FD-13 a message that was complete after all leaves the next its whole time")
  void nextMessage() throws Exception {
    CompletionWatch watch =
        new CompletionWatch(Optional.of(LIMIT), Duration.ofDays(1), late::complete);
    long end = System.nanoTime() + 3 * LIMIT.toNanos();
    while (System.nanoTime() < end) {
      watch.endRead(true, false);
      watch.pause();
      watch.complete();
    }
    watch.endRead(false, false);
    assertTrue(!late.isDone(), "messages that were complete count");
    watch.endRead(true, false);
    hasComeLate();
  }
}
