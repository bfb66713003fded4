package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import dbus.server.UserAccounts.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what the connections of one user take together is one account")
class UserAccountTest {

  private static final Optional<Credentials> ALICE = Optional.of(Credentials.ofUid(1000));
  private static final Optional<Credentials> BOB = Optional.of(Credentials.ofUid(1001));
  private static final Optional<Credentials> NOBODY = Optional.empty();

  private final UserAccounts accounts =
      new UserAccounts(
          ServerLimits.DEFAULT
              .withConnectionsPerUser(2)
              .withBytesPerUser(100_000)
              .withUnixFdsPerUser(3)
              .withHandlersPerUser(1));

  private Membership enter(Optional<Credentials> who) {
    return accounts.enter(who).orElseThrow();
  }

  @Test
  @DisplayName("SERV-30 a user has so many connections, and other users have theirs")
  void connections() {
    Membership first = enter(ALICE);
    enter(ALICE);
    assertTrue(accounts.enter(ALICE).isEmpty());
    enter(BOB);
    enter(NOBODY);
    enter(NOBODY);
    assertTrue(accounts.enter(NOBODY).isEmpty(), "all that are anonymous are one user");
    accounts.leave(first);
    enter(ALICE);
    assertTrue(accounts.enter(ALICE).isEmpty());
  }

  @Test
  @DisplayName("SEC-22 a user is a uid: process and group do not tell two of one apart")
  void byUidAlone() {
    Membership one = enter(Optional.of(Credentials.ofSocket(1000, 1, 2)));
    Membership other = enter(Optional.of(Credentials.ofSocket(1000, 3, 4)));
    assertSame(one.budget(), other.budget());
    assertNotSame(one.budget(), enter(BOB).budget());
  }

  @Test
  void whatIsChargedByOneConnectionIsMissingForTheOther() {
    UserAccount one = enter(ALICE).budget();
    UserAccount other = enter(ALICE).budget();
    assertTrue(one.chargeBytes(60_000));
    assertFalse(other.chargeBytes(40_001));
    assertTrue(other.chargeBytes(40_000));
    assertFalse(other.chargeBytes(1));
    assertTrue(enter(BOB).budget().chargeBytes(100_000));
    one.refundBytes(60_000);
    assertTrue(other.chargeBytes(60_000));
    assertFalse(other.chargeBytes(Long.MAX_VALUE), "the sum must not overflow");
    assertTrue(one.chargeUnixFds(2));
    assertFalse(other.chargeUnixFds(2));
    assertTrue(other.chargeUnixFds(1));
    assertTrue(one.chargeHandler());
    assertFalse(other.chargeHandler());
    one.refundHandler();
    assertTrue(other.chargeHandler());
  }

  @Test
  void whoLeavesAndComesBackIsStillChargedForWhatIsKept() {
    Membership first = enter(ALICE);
    assertTrue(first.budget().chargeBytes(100_000));
    assertTrue(first.budget().chargeHandler());
    accounts.leave(first);
    Membership again = enter(ALICE);
    assertSame(first.budget(), again.budget());
    assertFalse(again.budget().chargeBytes(1));
    assertFalse(again.budget().chargeHandler());
  }

  @Test
  void anAccountIsForgottenWhenNothingIsKept() {
    Membership first = enter(ALICE);
    assertTrue(first.budget().chargeBytes(5));
    assertTrue(first.budget().chargeUnixFds(1));
    assertTrue(first.budget().chargeHandler());
    accounts.leave(first);
    first.budget().refundBytes(5);
    first.budget().refundUnixFds(1);
    assertEquals(1, accounts.size());
    first.budget().refundHandler();
    assertEquals(0, accounts.size());
    Membership second = enter(BOB);
    accounts.leave(second);
    assertEquals(0, accounts.size());
  }

  @Test
  void threadsThatChargeAtOnceNeverExceedTheAccount() throws Exception {
    UserAccount account = enter(ALICE).budget();
    List<Thread> threads = new ArrayList<>();
    java.util.concurrent.atomic.AtomicLong granted = new java.util.concurrent.atomic.AtomicLong();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < 10_000; n++) {
                  if (account.chargeBytes(7)) {
                    granted.addAndGet(7);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(100_000 / 7 * 7, granted.get());
    account.refundBytes(granted.get());
    assertTrue(account.chargeBytes(100_000), "all of it came back");
  }
}
