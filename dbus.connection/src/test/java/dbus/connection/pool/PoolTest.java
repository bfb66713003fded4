package dbus.connection.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Things that are used again")
class PoolTest {

  private static final int MOST = 3;

  private final AtomicInteger made = new AtomicInteger();
  private final Pool<Integer> pool = new Pool<>(MOST, made::incrementAndGet);

  @Test
  void aNewOneIsMadeWhereNoneIsKept() {
    assertEquals(List.of(1, 2), List.of(pool.take(), pool.take()));
  }

  @Test
  void theLastToComeIsTheFirstToGo() {
    pool.giveBack(11);
    pool.giveBack(12);
    pool.giveBack(13);
    assertEquals(List.of(13, 12, 11), List.of(pool.take(), pool.take(), pool.take()));
    assertEquals(1, pool.take());
  }

  @Test
  void noMoreAreKeptThanTheMost() {
    for (int i = 11; i < 16; i++) {
      pool.giveBack(i);
    }
    assertEquals(
        List.of(13, 12, 11, 1), List.of(pool.take(), pool.take(), pool.take(), pool.take()));
  }

  @Test
  void nothingIsInTwoHandsAtOnce() throws Exception {
    Pool<AtomicBoolean> flags = new Pool<>(MOST, AtomicBoolean::new);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(threads.submit(() -> takeAndGiveBack(flags)));
      }
      for (Future<?> each : all) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static void takeAndGiveBack(Pool<AtomicBoolean> flags) {
    for (int i = 0; i < 200_000; i++) {
      AtomicBoolean one = flags.take();
      assertTrue(one.compareAndSet(false, true), "somebody else has it");
      AtomicBoolean other = flags.take();
      assertTrue(other.compareAndSet(false, true), "somebody else has it");
      one.set(false);
      flags.giveBack(one);
      other.set(false);
      flags.giveBack(other);
    }
  }

  @Test
  void noneIsKeptWhereNoneIsToBe() {
    Pool<Integer> none = new Pool<>(0, made::incrementAndGet);
    none.giveBack(11);
    assertFalse(none.take() == 11);
  }
}
