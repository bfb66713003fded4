package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.spending.Share;
import dbus.connection.spending.Spending;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what one queue charges to the budget that it shares")
class ShareTest {

  private static final long FREE = Share.FREE;
  private static final long GRAIN = Share.GRAIN;

  private final Ledger ledger = new Ledger(10 * GRAIN);
  private final Spending spending = new Spending();
  private Share share;

  /// Counts, and how often it was asked.
  private static final class Ledger extends OpenBudget {
    final long most;
    long charged;
    int asked;

    Ledger(long most) {
      this.most = most;
    }

    @Override
    public boolean chargeBytes(long bytes) {
      asked++;
      if (charged + bytes > most) {
        return false;
      }
      charged += bytes;
      return true;
    }

    @Override
    public void refundBytes(long bytes) {
      asked++;
      charged -= bytes;
    }
  }

  @BeforeEach
  void charge() {
    spending.chargeTo(ledger);
    share = spending.queue();
  }

  @Test
  void aLittleIsFreeAndTheBudgetIsNotEvenAsked() {
    for (long bytes = 0; bytes <= FREE; bytes++) {
      assertTrue(share.holds(bytes));
    }
    assertTrue(share.holds(0));
    assertEquals(0, ledger.asked);
  }

  @Test
  void beyondThatGrainsAreChargedAndASmallChangeAsksNothing() {
    assertTrue(share.holds(FREE + 1));
    assertEquals(GRAIN, ledger.charged);
    for (long bytes = FREE + 1; bytes <= FREE + GRAIN; bytes++) {
      assertTrue(share.holds(bytes));
    }
    assertEquals(1, ledger.asked);
    assertTrue(share.holds(FREE + GRAIN + 1));
    assertEquals(2 * GRAIN, ledger.charged);
  }

  @Test
  void allThatThereIsIsAlwaysCovered() {
    long bytes = 0;
    for (int i = 0; i < 10_000; i++) {
      bytes = Math.floorMod(bytes + i * 7919L, 9 * GRAIN);
      assertTrue(share.holds(bytes));
      assertTrue(FREE + ledger.charged >= bytes);
      assertTrue(ledger.charged <= bytes + 2 * GRAIN, "and not much more");
    }
    assertTrue(share.holds(0));
    assertEquals(0, ledger.charged);
  }

  @Test
  void whatTheBudgetDoesNotAllowIsNotChargedAndWhatWasIsGivenBack() {
    assertTrue(share.holds(FREE + 10 * GRAIN));
    assertFalse(share.holds(FREE + 10 * GRAIN + 1));
    assertEquals(10 * GRAIN, ledger.charged);
    assertFalse(spending.queue().holds(FREE + 1), "another queue of the same budget");
    assertTrue(share.holds(0));
    assertEquals(0, ledger.charged);
  }
}
