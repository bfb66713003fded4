package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AuthPolicyTest {
  private static final Optional<Credentials> SAME = Optional.of(Credentials.ofUid(1000));
  private static final Optional<Credentials> OTHER = Optional.of(Credentials.ofUid(1001));
  private static final Optional<Credentials> ROOT = Optional.of(Credentials.ofUid(0));
  private static final Optional<Credentials> ANONYMOUS = Optional.empty();
  private static final Optional<Credentials> UNKNOWN = Optional.of(Credentials.UNKNOWN);

  private static Failed failure(Handshake handshake) {
    return assertInstanceOf(Failed.class, handshake.status());
  }

  @Test
  @DisplayName("SERV-19 a policy tells whether it may admit others than one user")
  void othersThanOneUser() {
    Credentials self = Credentials.ofUid(1000);
    AuthPolicy alone = AuthPolicy.sameUserAs(self);
    assertFalse(alone.admitsOthersThan(self));
    assertTrue(alone.admitsOthersThan(Credentials.ofUid(1001)));
    assertTrue(alone.admitsOthersThan(Credentials.UNKNOWN));
    assertFalse(alone.alsoUid(1000).admitsOthersThan(self));
    assertTrue(alone.alsoUid(0).admitsOthersThan(self));
    assertTrue(alone.allowAnonymous().admitsOthersThan(self));
    assertTrue(AuthPolicy.anyUser().admitsOthersThan(self));
    assertFalse(AuthPolicy.sameUserAs(Credentials.UNKNOWN).admitsOthersThan(self));
  }

  @Test
  @DisplayName("SERV-19 sameUser admits nobody else, also while that user cannot be told")
  void othersThanTheOwnUser() {
    for (Credentials self : List.of(Credentials.ofUid(1000), Credentials.UNKNOWN)) {
      assertFalse(AuthPolicy.sameUser().admitsOthersThanOwnUser(self));
      assertTrue(AuthPolicy.sameUser().alsoUid(0).admitsOthersThanOwnUser(self));
      assertTrue(AuthPolicy.sameUser().allowAnonymous().admitsOthersThanOwnUser(self));
      assertTrue(AuthPolicy.anyUser().admitsOthersThanOwnUser(self));
    }
    assertFalse(
        AuthPolicy.sameUser().alsoUid(1000).admitsOthersThanOwnUser(Credentials.ofUid(1000)));
    assertFalse(AuthPolicy.sameUser().admitsOthersThanOwnUser());
  }

  @Nested
  class Users {
    @Test
    @DisplayName("AUTH-58 by default the own user is admitted, and not even root besides")
    void sameUser() {
      AuthPolicy policy = AuthPolicy.sameUserAs(Credentials.ofUid(1000));

      assertTrue(policy.admits(SAME));
      assertFalse(policy.admits(OTHER));
      assertFalse(policy.admits(ROOT));
      assertFalse(policy.admits(ANONYMOUS));
      assertFalse(policy.admits(UNKNOWN));
    }

    @Test
    @DisplayName("AUTH-58 the same user is the effective user of this process")
    void sameUserIsThatOfThisProcess() {
      assertTrue(AuthPolicy.sameUser().admits(Optional.of(Credentials.ofThisProcess())));
      assertFalse(AuthPolicy.sameUser().admits(Optional.of(Credentials.ofUid(4_000_000_000L))));
    }

    @Test
    @DisplayName("SEC-23 if the own user is unknown nobody is admitted")
    void nobodyIsTheSameAsUnknown() {
      AuthPolicy policy = AuthPolicy.sameUserAs(Credentials.UNKNOWN);

      assertFalse(policy.admits(SAME));
      assertFalse(policy.admits(ROOT));
      assertFalse(policy.admits(UNKNOWN));
    }

    @Test
    @DisplayName("AUTH-58 root too, on request")
    void alsoUid() {
      AuthPolicy policy = Peers.SAME_USER.alsoUid(0);

      assertTrue(policy.admits(SAME));
      assertTrue(policy.admits(ROOT));
      assertFalse(policy.admits(OTHER));
      assertFalse(policy.admits(ANONYMOUS));
    }

    @Test
    @DisplayName("AUTH-50, AUTH-58 any user is everybody who has an identity")
    void anyUser() {
      assertTrue(AuthPolicy.anyUser().admits(OTHER));
      assertTrue(AuthPolicy.anyUser().admits(ROOT));
      assertFalse(AuthPolicy.anyUser().admits(ANONYMOUS));
      assertFalse(AuthPolicy.anyUser().admits(UNKNOWN));
      assertFalse(AuthPolicy.anyUser().allowsAnonymous());
    }

    @Test
    @DisplayName(
        "AUTH-53 anonymous clients are admitted only on request, and users stay as they are")
    void allowAnonymous() {
      AuthPolicy policy = Peers.SAME_USER.allowAnonymous();

      assertTrue(policy.admits(ANONYMOUS));
      assertTrue(policy.admits(UNKNOWN), "an identity without a user is none");
      assertFalse(policy.admits(OTHER));
    }

    @Test
    void aPolicyIsNotChangedByWhatIsMadeOfIt() {
      AuthPolicy policy = Peers.SAME_USER;
      policy.alsoUid(0).allowAnonymous().observedBy(new Records());

      assertFalse(policy.admits(ROOT));
      assertFalse(policy.admits(ANONYMOUS));
      assertTrue(policy.observer().allowMechanism("ANY"));
    }
  }

  @Nested
  class Offers {
    @Test
    @DisplayName("AUTH-50 ANONYMOUS is neither offered nor accepted by default")
    void anonymousIsOffByDefault() {
      ServerHandshake handshake = Peers.greeted(Peers.server());

      assertEquals("REJECTED EXTERNAL", Talk.sayLine(handshake, "AUTH ANONYMOUS"));
      assertEquals("REJECTED EXTERNAL", Talk.sayLine(handshake, "AUTH ANONYMOUS 6869"));
    }

    @Test
    @DisplayName(
        "AUTH-09, AUTH-10 what is offered stays the same, in the order of the configuration")
    void theOfferStaysTheSame() {
      ServerHandshake handshake = Peers.greeted(Peers.serverOfAll());

      for (int i = 0; i < 5; i++) {
        assertEquals("REJECTED EXTERNAL STEPS ANONYMOUS", Talk.sayLine(handshake, "AUTH"));
      }
    }

    @Test
    @DisplayName("AUTH-11, AUTH-32, SERV-28 EXTERNAL is not offered without credentials")
    void externalIsNotOfferedWithoutCredentials() {
      ServerHandshake handshake = Peers.greeted(Peers.serverOfAll().socket(Credentials.UNKNOWN));

      assertEquals("REJECTED STEPS ANONYMOUS", Talk.sayLine(handshake, "AUTH EXTERNAL"));
      assertEquals("REJECTED STEPS ANONYMOUS", Talk.sayLine(handshake, "AUTH EXTERNAL 30"));
      assertEquals("REJECTED STEPS ANONYMOUS", Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
    }

    @Test
    @DisplayName("AUTH-55, SERV-28 if nothing can be offered: a bare REJECTED, and the end")
    void nothingToOffer() {
      ServerHandshake handshake = Peers.greeted(Peers.server().socket(Credentials.UNKNOWN));

      assertEquals("REJECTED", Talk.sayLine(handshake, "AUTH"));
      assertEquals(FailureReason.NO_MECHANISM, failure(handshake).reason());
    }

    @Test
    @DisplayName("AUTH-55 a server without any mechanism cannot be built")
    void noMechanismCannotBeBuilt() {
      ServerHandshake.Builder builder = Peers.server();

      assertThrows(IllegalArgumentException.class, () -> builder.mechanisms(List.of()));
      builder.mechanisms(List.of(ServerMechanism.anonymous()));
      assertThrows(IllegalStateException.class, builder::build);
    }

    @Test
    void namesOfMechanismsAreChecked() {
      ServerHandshake.Builder builder = Peers.server();
      ServerMechanism external = ServerMechanism.external();

      assertThrows(
          IllegalArgumentException.class, () -> builder.mechanisms(List.of(external, external)));
      for (String bad : List.of("", "external", "A B", "A".repeat(21), "A\r\nOK")) {
        assertThrows(
            IllegalArgumentException.class, () -> builder.mechanisms(List.of(named(bad))), bad);
      }
      builder.mechanisms(List.of(named("A-Z_09"), named("A".repeat(20))));
      assertEquals(
          "REJECTED A-Z_09 " + "A".repeat(20), Talk.sayLine(Peers.greeted(builder), "AUTH"));
    }

    private static ServerMechanism named(String name) {
      return new ServerMechanism() {
        @Override
        public String name() {
          return name;
        }

        @Override
        public Exchange start(Credentials socket) {
          return _ -> new Reject("never");
        }
      };
    }
  }

  /// Writes down what it is asked, and says what it is told to.
  private static class Records implements AuthObserver {
    final List<String> asked = new ArrayList<>();
    final List<PeerInfo> peers = new ArrayList<>();
    List<String> refused = List.of();
    boolean authorizes = true;

    @Override
    public boolean allowMechanism(String mechanism) {
      asked.add(mechanism);
      return !refused.contains(mechanism);
    }

    @Override
    public boolean authorize(PeerInfo peer) {
      asked.add("authorize");
      peers.add(peer);
      return authorizes;
    }
  }

  @Nested
  class Observers {
    private final Records observer = new Records();
    private final AuthPolicy policy = Peers.SAME_USER.allowAnonymous().observedBy(observer);

    private ServerHandshake.Builder observed() {
      return Peers.serverOfAll().policy(policy);
    }

    @Test
    @DisplayName(
        "AUTH-54 it is asked for each mechanism once, before the first line, then for the peer")
    void theOrderOfQuestions() {
      ServerHandshake handshake = observed().build();
      assertEquals(List.of(), observer.asked);
      Talk.say(handshake, Talk.NUL);
      assertEquals(List.of("EXTERNAL", "STEPS", "ANONYMOUS"), observer.asked);

      Talk.sayLine(handshake, "AUTH");
      Talk.sayLine(handshake, "AUTH EXTERNAL 30");
      Talk.sayLine(handshake, "AUTH EXTERNAL");
      assertEquals(3, observer.asked.size());

      Talk.sayLine(handshake, "DATA");
      assertEquals(List.of("EXTERNAL", "STEPS", "ANONYMOUS", "authorize"), observer.asked);
      Talk.sayLine(handshake, "BEGIN");
      assertEquals(4, observer.asked.size());
    }

    @Test
    @DisplayName("AUTH-54 it is asked anew when an identity was given back and taken again")
    void eachSuccessIsAuthorised() {
      ServerHandshake handshake = Peers.greeted(observed());
      Talk.sayLine(handshake, "AUTH EXTERNAL 31303030");
      Talk.sayLine(handshake, "CANCEL");
      observer.authorizes = false;

      assertEquals(
          "REJECTED EXTERNAL STEPS ANONYMOUS", Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
      assertEquals(2, observer.peers.size());
      assertEquals(FailureReason.REFUSED, failure(handshake).reason());
    }

    @Test
    @DisplayName("AUTH-54 it is not asked about a peer whom the policy does not admit")
    void theUserIsCheckedBeforeTheObserver() {
      ServerHandshake handshake =
          Peers.greeted(observed().socket(Credentials.ofSocket(1001, 1, 1)));

      assertEquals(
          "REJECTED EXTERNAL STEPS ANONYMOUS",
          Talk.sayLine(handshake, "AUTH EXTERNAL " + Talk.hex("1001")));
      assertEquals(List.of(), observer.peers);
      assertInstanceOf(NeedsMore.class, handshake.status());
      assertEquals(Peers.OK, Talk.sayLine(handshake, "AUTH ANONYMOUS"));
    }

    @Test
    @DisplayName("AUTH-09 the list stays the same, though the observer may change its mind")
    void theListStaysTheSame() {
      ServerHandshake handshake = Peers.greeted(observed());
      String list = Talk.sayLine(handshake, "AUTH");
      observer.refused = List.of("EXTERNAL", "STEPS");
      Talk.say(handshake, Talk.lines("FOO", "AUTH EXTERNAL"));

      assertEquals(list, Talk.sayLine(handshake, "CANCEL"));
      assertEquals(Peers.OK, Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
      assertEquals(list, Talk.sayLine(handshake, "ERROR"));
    }

    @Test
    @DisplayName("AUTH-55 a refused mechanism is neither listed nor accepted")
    void aRefusedMechanismIsNotAccepted() {
      observer.refused = List.of("EXTERNAL");
      ServerHandshake handshake = Peers.greeted(observed());

      assertEquals("REJECTED STEPS ANONYMOUS", Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
    }

    @Test
    @DisplayName("AUTH-55 if all are refused: a bare REJECTED, and the end")
    void allRefused() {
      observer.refused = List.of("EXTERNAL", "STEPS", "ANONYMOUS");
      ServerHandshake handshake = Peers.greeted(observed());

      assertEquals("REJECTED", Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
      assertEquals(FailureReason.NO_MECHANISM, failure(handshake).reason());
    }

    @Test
    @DisplayName("AUTH-56 a peer who is not authorised gets REJECTED, the end, and never OK")
    void aPeerWhoIsNotAuthorised() {
      observer.authorizes = false;
      ServerHandshake handshake = Peers.greeted(observed());

      assertEquals(
          "REJECTED EXTERNAL STEPS ANONYMOUS\r\n",
          Talk.say(handshake, "AUTH EXTERNAL 31303030\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n"));
      assertEquals(FailureReason.REFUSED, failure(handshake).reason());
    }

    @Test
    @DisplayName("AUTH-59 it learns mechanism, credentials and address")
    void whatItLearns() {
      InetSocketAddress address = InetSocketAddress.createUnresolved("example.org", 1);
      ServerHandshake handshake = Peers.greeted(observed().address(address));

      Talk.sayLine(handshake, "AUTH EXTERNAL 31303030");

      assertEquals(
          List.of(
              new PeerInfo(
                  "EXTERNAL",
                  Optional.of(Peers.USER_1000),
                  Peers.USER_1000,
                  Optional.of(address),
                  Optional.empty())),
          observer.peers);
    }

    @Test
    @DisplayName("AUTH-53 an anonymous peer has no identity, even if the socket has credentials")
    void anAnonymousPeerHasNoIdentity() {
      ServerHandshake handshake = Peers.greeted(observed());

      Talk.say(handshake, Talk.lines("AUTH ANONYMOUS 6869", "BEGIN"));

      assertEquals(
          List.of(
              new PeerInfo(
                  "ANONYMOUS",
                  Optional.empty(),
                  Peers.USER_1000,
                  Optional.empty(),
                  Optional.of("hi"))),
          observer.peers);
      assertEquals(
          Optional.empty(), assertInstanceOf(Authenticated.class, handshake.status()).identity());
    }

    @Test
    @DisplayName("AUTH-57 an exception in authorize is a no, and is not lost")
    void anExceptionInAuthorizeIsANo() {
      IllegalStateException bug = new IllegalStateException("secret");
      ServerHandshake handshake =
          Peers.greeted(
              Peers.server()
                  .policy(
                      Peers.SAME_USER.observedBy(
                          new AuthObserver() {
                            @Override
                            public boolean authorize(PeerInfo peer) {
                              throw bug;
                            }
                          })));

      assertEquals("REJECTED EXTERNAL", Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
      assertEquals(FailureReason.EXCEPTION, failure(handshake).reason());
      assertSame(bug, failure(handshake).cause().orElseThrow());
      assertFalse(failure(handshake).toString().contains("secret"));
    }

    @Test
    @DisplayName("AUTH-57 an exception in allowMechanism is a no to everything, and is not lost")
    void anExceptionInAllowMechanismIsANo() {
      IllegalStateException bug = new IllegalStateException();
      ServerHandshake handshake =
          Peers.greeted(
              Peers.server()
                  .policy(
                      Peers.SAME_USER.observedBy(
                          new AuthObserver() {
                            @Override
                            public boolean allowMechanism(String mechanism) {
                              throw bug;
                            }
                          })));

      assertEquals("REJECTED", Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
      assertEquals(FailureReason.EXCEPTION, failure(handshake).reason());
      assertSame(bug, failure(handshake).cause().orElseThrow());
    }

    @Test
    @DisplayName("two observers must agree; the first no is enough")
    void twoObserversMustAgree() {
      Records second = new Records();
      ServerHandshake handshake = Peers.greeted(observed().policy(policy.observedBy(second)));
      observer.authorizes = false;

      Talk.sayLine(handshake, "AUTH EXTERNAL 31303030");

      assertEquals(FailureReason.REFUSED, failure(handshake).reason());
      assertEquals(List.of("EXTERNAL", "STEPS", "ANONYMOUS"), second.asked);
      observer.authorizes = true;
      second.authorizes = false;
      ServerHandshake another = Peers.greeted(observed().policy(policy.observedBy(second)));
      Talk.sayLine(another, "AUTH EXTERNAL 31303030");
      assertEquals(FailureReason.REFUSED, failure(another).reason());
    }

    @Test
    void whatEitherOfTwoObserversRefusesIsNotOffered() {
      Records second = new Records();
      observer.refused = List.of("STEPS");
      second.refused = List.of("ANONYMOUS");
      ServerHandshake handshake = Peers.greeted(observed().policy(policy.observedBy(second)));

      assertEquals("REJECTED EXTERNAL", Talk.sayLine(handshake, "AUTH"));
    }
  }
}
