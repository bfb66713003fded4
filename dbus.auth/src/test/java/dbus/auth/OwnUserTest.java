package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.HandshakeStatus.Failed;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that has no descriptor left cannot find out who it is, and may have one again soon.
@DisplayName("AUTH-65: an own user who could not be found out")
class OwnUserTest {
  private static final Credentials SELF = Credentials.ofThisProcess();

  /// Each answer is given once.
  private final Deque<Credentials> answers =
      new ArrayDeque<>(List.of(Credentials.UNKNOWN, Credentials.UNKNOWN, SELF));

  private final OwnUser own = new OwnUser(answers::remove);

  @Test
  @DisplayName("is asked for again until he is known, and not after that")
  void untilKnown() {
    assertEquals(Credentials.UNKNOWN, own.get());
    assertEquals(Credentials.UNKNOWN, own.get());
    assertEquals(SELF, own.get());
    assertEquals(SELF, own.get());
    assertEquals(0, answers.size());
  }

  @Test
  @DisplayName("is nobody to a policy, and himself the next time")
  void policy() {
    AuthPolicy policy = AuthPolicy.sameUser(own).observedBy(new AuthObserver() {});
    assertFalse(policy.admits(Optional.of(SELF)));
    assertFalse(policy.admits(Optional.of(SELF)));
    assertTrue(policy.admits(Optional.of(SELF)));
    assertFalse(policy.admits(Optional.of(Credentials.ofUid(SELF.uid().orElseThrow() + 1))));
  }

  @Test
  @DisplayName("has no keyring, which a server offers, and a client tries, the next time")
  void keyring(@TempDir Path directory) {
    CookieKeyring keyring =
        CookieKeyring.at(directory.resolve("keyring")).withUser(own, Optional.of("alice"));
    ServerMechanism mechanism = ServerMechanism.cookieSha1(keyring);
    assertFalse(mechanism.isPossible(Credentials.UNKNOWN));
    ClientHandshake client =
        ClientHandshake.builder().mechanisms(List.of(ClientMechanism.cookieSha1(keyring))).build();
    assertEquals(
        "no mechanism is left; DBUS_COOKIE_SHA1: the platform tells no user of this process",
        assertInstanceOf(Failed.class, client.status()).detail());
    assertTrue(mechanism.isPossible(Credentials.UNKNOWN));
    assertTrue(
        ClientHandshake.builder()
            .mechanisms(List.of(ClientMechanism.cookieSha1(keyring)))
            .build()
            .hasOutput());
  }
}
