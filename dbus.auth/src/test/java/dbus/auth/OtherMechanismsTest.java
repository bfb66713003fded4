package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Mechanisms of others are not trusted further than needed.
class OtherMechanismsTest {
  private static final Optional<Credentials> ANONYMOUS = Optional.empty();
  private static final Optional<Credentials> UNKNOWN = Optional.of(Credentials.UNKNOWN);

  private static Failed failure(Handshake handshake) {
    return assertInstanceOf(Failed.class, handshake.status());
  }

  private static ServerHandshake with(ServerMechanism.Exchange exchange, AuthPolicy policy) {
    return Peers.greeted(
        Peers.server()
            .policy(policy)
            .mechanisms(
                List.of(
                    new ServerMechanism() {
                      @Override
                      public String name() {
                        return "OTHER";
                      }

                      @Override
                      public Exchange start(Credentials socket) {
                        return exchange;
                      }
                    })));
  }

  @Test
  @DisplayName("SEC-23 a mechanism that accepts without a user makes nobody a user")
  void acceptingWithoutAUser() {
    for (Optional<Credentials> nobody : List.of(ANONYMOUS, UNKNOWN)) {
      ServerHandshake handshake =
          with(_ -> new ServerMechanism.Accept(nobody, Optional.empty()), AuthPolicy.anyUser());

      assertEquals("REJECTED OTHER", Talk.sayLine(handshake, "AUTH OTHER"));
    }
  }

  @Test
  @DisplayName("SEC-23 credentials without a user are no identity, even where nobody needs one")
  void credentialsWithoutAUserAreNoIdentity() {
    ServerHandshake handshake =
        with(
            _ -> new ServerMechanism.Accept(UNKNOWN, Optional.empty()),
            AuthPolicy.anyUser().allowAnonymous());

    Talk.say(handshake, Talk.lines("AUTH OTHER", "BEGIN"));

    assertEquals(ANONYMOUS, assertInstanceOf(Authenticated.class, handshake.status()).identity());
  }

  @Test
  @DisplayName("SEC-28 an exception of a mechanism ends the handshake as a refusal")
  void anExceptionOfAMechanism() {
    RuntimeException bug = new IllegalStateException("secret");
    ServerHandshake handshake =
        with(
            _ -> {
              throw bug;
            },
            AuthPolicy.anyUser());

    assertEquals("REJECTED OTHER", Talk.sayLine(handshake, "AUTH OTHER"));
    assertEquals(FailureReason.EXCEPTION, failure(handshake).reason());
    assertSame(bug, failure(handshake).cause().orElseThrow());
    assertFalse(failure(handshake).toString().contains("secret"));
  }

  @Test
  @DisplayName("SEC-28 a mechanism that cannot even start ends the handshake as a refusal")
  void aMechanismThatCannotStart() {
    RuntimeException bug = new IllegalStateException("secret");
    ServerHandshake handshake =
        Peers.greeted(
            Peers.server()
                .mechanisms(
                    List.of(
                        new ServerMechanism() {
                          @Override
                          public String name() {
                            return "OTHER";
                          }

                          @Override
                          public Exchange start(Credentials socket) {
                            throw bug;
                          }
                        })));

    assertEquals("REJECTED OTHER", Talk.sayLine(handshake, "AUTH OTHER"));
    assertEquals(FailureReason.EXCEPTION, failure(handshake).reason());
    assertSame(bug, failure(handshake).cause().orElseThrow());
    assertEquals("OTHER threw java.lang.IllegalStateException", failure(handshake).detail());
  }
}
