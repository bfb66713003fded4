package dbus.auth;

import static dbus.auth.Talk.hex;
import static dbus.auth.Talk.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClientHandshakeTest {
  private static final String EXTERNAL_1000 = "AUTH EXTERNAL " + hex("1000");
  private static final String TRACE = "AUTH ANONYMOUS " + hex("dbus for Java");

  private static ClientHandshake.Builder client() {
    return ClientHandshake.builder().mechanisms(List.of(Peers.external())).unixFds(true);
  }

  private static ClientHandshake.Builder clientOfAll() {
    return client()
        .mechanisms(List.of(Peers.external(), new ClientSteps(), ClientMechanism.anonymous()));
  }

  private static String taken(Handshake handshake) {
    return Talk.text(handshake.takeOutput());
  }

  private static Failed failure(Handshake handshake) {
    return assertInstanceOf(Failed.class, handshake.status());
  }

  private static Authenticated done(String mechanism, boolean unixFds) {
    return new Authenticated(mechanism, Optional.empty(), Peers.GUID, unixFds, Optional.empty());
  }

  @Nested
  class StepByStep {
    @Test
    @DisplayName("AUTH-01, AUTH-29 the client speaks first: NUL and AUTH with its uid")
    void theClientSpeaksFirst() {
      assertEquals("\0" + lines(EXTERNAL_1000), taken(client().build()));
    }

    @Test
    @DisplayName("PEER-02, PEER-21, AUTH-28 each line waits for the answer to the one before")
    void eachLineWaitsForItsAnswer() {
      ClientHandshake handshake = client().build();
      taken(handshake);

      assertEquals("NEGOTIATE_UNIX_FD", Talk.sayLine(handshake, Peers.OK));
      assertInstanceOf(NeedsMore.class, handshake.status());
      assertEquals("BEGIN", Talk.sayLine(handshake, "AGREE_UNIX_FD"));
      assertEquals(done("EXTERNAL", true), handshake.status());
    }

    @Test
    @DisplayName("AUTH-28 descriptors are not asked for where the transport has none")
    void withoutDescriptors() {
      ClientHandshake handshake = client().unixFds(false).build();
      taken(handshake);

      assertEquals("BEGIN", Talk.sayLine(handshake, Peers.OK));
      assertEquals(done("EXTERNAL", false), handshake.status());
    }

    @Test
    @DisplayName("AUTH-34 without identity it takes one round more")
    void withoutIdentity() {
      ClientHandshake handshake =
          client()
              .mechanisms(List.of(ClientMechanism.externalWithoutIdentity()))
              .unixFds(false)
              .build();

      assertEquals("\0AUTH EXTERNAL\r\n", taken(handshake));
      assertEquals("DATA", Talk.sayLine(handshake, "DATA"));
      assertEquals("BEGIN", Talk.sayLine(handshake, Peers.OK));
    }

    @Test
    @DisplayName("AUTH-12 what the server sends after its last line is left in the buffer")
    void messageBytesAreLeft() {
      ClientHandshake handshake = client().build();
      ByteBuffer in = Talk.bytes(lines(Peers.OK, "AGREE_UNIX_FD") + "l\2OK\r\n");

      handshake.receive(in);

      assertEquals("l\2OK\r\n", Talk.text(in));
      assertEquals(done("EXTERNAL", true), handshake.status());
    }

    @Test
    @DisplayName("AUTH-14 the server's bytes may be cut anywhere")
    void theServersBytesMayBeCutAnywhere() {
      String said =
          lines("REJECTED STEPS", "FOO", "DATA " + hex("then?"), Peers.OK, "AGREE_UNIX_FD");
      String expected =
          "\0"
              + lines(
                  EXTERNAL_1000,
                  "AUTH STEPS " + hex("one"),
                  "ERROR",
                  "DATA " + hex("two"),
                  "NEGOTIATE_UNIX_FD",
                  "BEGIN");
      for (List<String> pieces : Talk.splits(said)) {
        ClientHandshake handshake = clientOfAll().build();
        StringBuilder answered = new StringBuilder(taken(handshake));
        for (String piece : pieces) {
          answered.append(Talk.say(handshake, piece));
        }
        assertEquals(expected, answered.toString(), () -> "pieces: " + pieces);
        assertEquals(done("STEPS", true), handshake.status());
      }
    }
  }

  @Nested
  class Mechanisms {
    @Test
    @DisplayName("AUTH-60 each mechanism is tried once, in the client's order")
    void eachIsTriedOnce() {
      ClientHandshake handshake = clientOfAll().build();
      taken(handshake);
      String all = "REJECTED ANONYMOUS STEPS EXTERNAL";

      assertEquals("AUTH STEPS " + hex("one"), Talk.sayLine(handshake, all));
      assertEquals(TRACE, Talk.sayLine(handshake, all));
      assertEquals("", Talk.sayLine(handshake, all));
      assertEquals(FailureReason.NO_MECHANISM, failure(handshake).reason());
      assertEquals(
          "no mechanism is left; EXTERNAL: rejected; STEPS: rejected; ANONYMOUS: rejected;"
              + " the server offers: ANONYMOUS STEPS EXTERNAL",
          failure(handshake).detail());
    }

    @Test
    @DisplayName("AUTH-60 what the server does not offer is not tried, and the error tells it")
    void whatIsNotOfferedIsNotTried() {
      ClientHandshake handshake = clientOfAll().build();
      taken(handshake);

      assertEquals(TRACE, Talk.sayLine(handshake, "REJECTED DBUS_COOKIE_SHA1 ANONYMOUS"));
      Talk.sayLine(handshake, "REJECTED DBUS_COOKIE_SHA1 ANONYMOUS");
      assertEquals(
          "no mechanism is left; EXTERNAL: rejected; ANONYMOUS: rejected; STEPS: not offered;"
              + " the server offers: DBUS_COOKIE_SHA1 ANONYMOUS",
          failure(handshake).detail());
    }

    @Test
    @DisplayName("AUTH-60 ANONYMOUS is not used unless it is named")
    void anonymousIsNotUsedUnlessNamed() {
      ClientHandshake handshake = ClientHandshake.builder().build();
      taken(handshake);

      assertEquals("", Talk.sayLine(handshake, "REJECTED ANONYMOUS"));
      assertEquals(FailureReason.NO_MECHANISM, failure(handshake).reason());
    }

    @Test
    @DisplayName(
        "AUTH-48 a mechanism that cannot begin is skipped, and the server never hears of it")
    void aMechanismThatCannotBeginIsSkipped() {
      ClientHandshake handshake =
          client()
              .mechanisms(
                  List.of(
                      ClientMechanism.external(Credentials.UNKNOWN), ClientMechanism.anonymous()))
              .build();

      assertEquals("\0" + lines(TRACE), taken(handshake));
    }

    @Test
    @DisplayName("AUTH-60 if none can begin nothing is sent at all")
    void ifNoneCanBeginNothingIsSent() {
      ClientHandshake handshake =
          client().mechanisms(List.of(ClientMechanism.external(Credentials.UNKNOWN))).build();

      assertFalse(handshake.hasOutput());
      assertEquals(
          "NO_MECHANISM: no mechanism is left; EXTERNAL: the own user is unknown",
          handshake.status().toString());
    }

    @Test
    @DisplayName("AUTH-48 no answer to a challenge: ERROR, and after the rejection the next one")
    void noAnswerToAChallenge() {
      ClientHandshake handshake =
          client().mechanisms(List.of(new ClientSteps(), ClientMechanism.anonymous())).build();
      taken(handshake);

      assertEquals("ERROR", Talk.sayLine(handshake, "DATA 6869"));
      assertEquals(TRACE, Talk.sayLine(handshake, "REJECTED ANONYMOUS"));
    }

    /// A mechanism that fails in some way.
    private static ClientMechanism other(Supplier<ClientMechanism.Exchange> start) {
      return new ClientMechanism() {
        @Override
        public String name() {
          return "OTHER";
        }

        @Override
        public Exchange start() {
          return start.get();
        }
      };
    }

    /// One attempt that begins so, and throws this at a challenge.
    private static ClientMechanism.Exchange attempt(
        ClientMechanism.Step begin, RuntimeException atChallenge) {
      return new ClientMechanism.Exchange() {
        @Override
        public ClientMechanism.Step begin() {
          return begin;
        }

        @Override
        public ClientMechanism.Step answer(Payload challenge) {
          throw atChallenge;
        }
      };
    }

    @Test
    void aMechanismThatThrowsEndsTheHandshake() {
      RuntimeException bug = new IllegalStateException("secret");
      ClientMechanism throwing =
          other(() -> {
            throw bug;
          });
      ClientHandshake handshake =
          client().mechanisms(List.of(throwing, ClientMechanism.anonymous())).build();

      assertEquals(FailureReason.EXCEPTION, failure(handshake).reason());
      assertSame(bug, failure(handshake).cause().orElseThrow());
      assertEquals("OTHER threw java.lang.IllegalStateException", failure(handshake).detail());
      assertFalse(handshake.hasOutput());
    }

    @Test
    void aMechanismThatThrowsAtAChallengeEndsTheHandshake() {
      RuntimeException bug = new IllegalStateException("secret");
      ClientMechanism throwing =
          other(() -> attempt(new ClientMechanism.Continue(Optional.empty()), bug));
      ClientHandshake handshake =
          client().mechanisms(List.of(throwing, ClientMechanism.anonymous())).build();
      taken(handshake);

      assertEquals("", Talk.sayLine(handshake, "DATA"));
      assertEquals(FailureReason.EXCEPTION, failure(handshake).reason());
      assertSame(bug, failure(handshake).cause().orElseThrow());
      assertEquals("OTHER threw java.lang.IllegalStateException", failure(handshake).detail());
    }

    @Test
    @DisplayName("AUTH-07 an initial response without bytes is none")
    void anEmptyInitialResponse() {
      ClientMechanism empty =
          other(() ->
              attempt(
                  new ClientMechanism.Finish(Optional.of(Payload.EMPTY)),
                  new IllegalStateException("no challenge is expected")));

      assertEquals("\0AUTH OTHER\r\n", taken(client().mechanisms(List.of(empty)).build()));
    }

    @Test
    void namesOfMechanismsAreChecked() {
      ClientHandshake.Builder builder = client();
      ClientMechanism external = ClientMechanism.external();

      assertThrows(IllegalArgumentException.class, () -> builder.mechanisms(List.of()));
      assertThrows(
          IllegalArgumentException.class, () -> builder.mechanisms(List.of(external, external)));
    }
  }

  @Nested
  class GuidOfTheServer {
    @Test
    @DisplayName("AUTH-61, PEER-10 the guid of the address is the guid of the server")
    void theRightGuid() {
      ClientHandshake handshake = client().expectedGuid(Peers.GUID).build();
      taken(handshake);

      assertEquals(
          "NEGOTIATE_UNIX_FD", Talk.sayLine(handshake, "OK 0123456789ABCDEF0123456789ABCDEF"));
    }

    @Test
    @DisplayName("AUTH-61 another server is not talked to")
    void theWrongGuid() {
      ClientHandshake handshake =
          client().expectedGuid(Guid.parse("ffffffffffffffffffffffffffffffff")).build();
      taken(handshake);

      assertEquals("", Talk.sayLine(handshake, Peers.OK));
      assertEquals(FailureReason.WRONG_GUID, failure(handshake).reason());
    }

    @Test
    @DisplayName("AUTH-61 OK without a guid is a failure")
    void noGuid() {
      ClientHandshake handshake = client().build();

      Talk.sayLine(handshake, "OK");

      assertEquals(FailureReason.BAD_OK, failure(handshake).reason());
    }
  }

  @Nested
  class Pipelined {
    private final ClientHandshake handshake = clientOfAll().pipelined(true).build();
    private final String first = taken(handshake);

    @Test
    @DisplayName("AUTH-62 one round trip: AUTH and NEGOTIATE_UNIX_FD go out together")
    void oneRoundTrip() {
      assertEquals("\0" + lines(EXTERNAL_1000, "NEGOTIATE_UNIX_FD"), first);
      assertEquals("BEGIN\r\n", Talk.say(handshake, lines(Peers.OK, "AGREE_UNIX_FD")));
      assertEquals(done("EXTERNAL", true), handshake.status());
    }

    @Test
    @DisplayName("AUTH-62 BEGIN waits for the answer about descriptors")
    void beginWaits() {
      assertEquals("", Talk.sayLine(handshake, Peers.OK));
      assertEquals("BEGIN", Talk.sayLine(handshake, "ERROR"));
      assertEquals(done("EXTERNAL", false), handshake.status());
    }

    @Test
    @DisplayName("AUTH-62 after a rejection it goes on step by step on the same connection")
    void afterARejectionItGoesOn() {
      assertEquals(
          lines("AUTH STEPS " + hex("one")),
          Talk.say(handshake, lines("REJECTED STEPS", "ERROR \"Not expected before OK\"")));
      assertEquals("DATA " + hex("two"), Talk.sayLine(handshake, "DATA " + hex("then?")));
      assertEquals("NEGOTIATE_UNIX_FD", Talk.sayLine(handshake, Peers.OK));
      assertEquals("BEGIN", Talk.sayLine(handshake, "AGREE_UNIX_FD"));
      assertEquals(done("STEPS", true), handshake.status());
    }

    @Test
    @DisplayName("AUTH-62 a server that wants more is told to cancel")
    void aServerThatWantsMore() {
      assertEquals(lines("CANCEL"), Talk.say(handshake, lines("DATA", "ERROR")));
      assertEquals(TRACE, Talk.sayLine(handshake, "REJECTED ANONYMOUS"));
    }

    @Test
    @DisplayName("AUTH-62 the first ERROR is for AUTH, the second for NEGOTIATE_UNIX_FD")
    void twoErrors() {
      assertEquals(lines("CANCEL"), Talk.say(handshake, lines("ERROR", "ERROR")));
      assertEquals(TRACE, Talk.sayLine(handshake, "REJECTED ANONYMOUS"));
    }

    @Test
    @DisplayName("AUTH-62 a server that agrees to descriptors after a rejection is not believed")
    void agreementAfterARejection() {
      Talk.say(handshake, lines("REJECTED STEPS", "AGREE_UNIX_FD"));

      assertEquals(FailureReason.UNEXPECTED_LINE, failure(handshake).reason());
    }

    @Test
    void whatNeedsAChallengeIsNotPipelined() {
      ClientHandshake silent =
          client()
              .mechanisms(List.of(ClientMechanism.externalWithoutIdentity()))
              .pipelined(true)
              .build();

      assertEquals("\0AUTH EXTERNAL\r\n", taken(silent));
    }

    @Test
    void withoutDescriptorsThereIsNothingToPipeline() {
      assertEquals(
          "\0" + lines(EXTERNAL_1000), taken(client().unixFds(false).pipelined(true).build()));
    }
  }

  @Nested
  class Limits {
    @Test
    @DisplayName("AUTH-63 a line of the server is limited to 16 KiB")
    void aLineIsLimited() {
      ClientHandshake handshake = client().build();
      Talk.say(handshake, "A".repeat(16_384));
      assertInstanceOf(NeedsMore.class, handshake.status());

      Talk.say(handshake, "A");

      assertEquals(FailureReason.LINE_TOO_LONG, failure(handshake).reason());
    }

    @Test
    @DisplayName("AUTH-63 48 lines are read from a server, and no more")
    void linesAreLimited() {
      ClientHandshake handshake = client().build();
      taken(handshake);
      assertEquals("ERROR\r\n".repeat(48), Talk.say(handshake, "FOO\r\n".repeat(48)));
      assertInstanceOf(NeedsMore.class, handshake.status());

      assertEquals("", Talk.sayLine(handshake, Peers.OK));

      assertEquals(FailureReason.TOO_MANY_LINES, failure(handshake).reason());
    }

    @Test
    @DisplayName("AUTH-63 the limits can be configured")
    void theLimitsCanBeConfigured() {
      HandshakeLimits strict = HandshakeLimits.DEFAULT.withServerLines(8).withLineBytes(256);
      ClientHandshake ofLines = client().limits(strict).build();
      Talk.say(ofLines, "FOO\r\n".repeat(9));
      assertEquals(FailureReason.TOO_MANY_LINES, failure(ofLines).reason());

      ClientHandshake ofBytes = client().limits(strict).build();
      Talk.say(ofBytes, "A".repeat(257));
      assertEquals(FailureReason.LINE_TOO_LONG, failure(ofBytes).reason());
    }

    @Test
    @DisplayName("SEC-07 a failure does not repeat a long list of the server")
    void aLongListIsCut() {
      ClientHandshake handshake = client().build();

      Talk.sayLine(handshake, "REJECTED " + "X".repeat(10_000));

      assertTrue(failure(handshake).detail().length() < 400);
      assertTrue(failure(handshake).detail().endsWith("X…"));
    }

    @Test
    @DisplayName("AUTH-63 the caller ends the handshake when its time is over")
    void theCallerEndsTheHandshake() {
      ClientHandshake handshake = client().build();

      handshake.abort(FailureReason.TIMED_OUT, "30 s have passed");

      assertFalse(handshake.hasOutput());
      assertEquals(FailureReason.TIMED_OUT, failure(handshake).reason());
    }
  }
}
