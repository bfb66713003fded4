package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerLimitsTest {
  private static final String REJECTED = "REJECTED EXTERNAL";

  private final ServerHandshake handshake = Peers.greeted(Peers.server());

  private FailureReason reason() {
    return assertInstanceOf(Failed.class, handshake.status()).reason();
  }

  @Test
  @DisplayName("AUTH-06 16384 bytes may wait for their line end")
  void theLongestLineIsRead() {
    assertEquals("", Talk.say(handshake, "A".repeat(16_384)));
    assertInstanceOf(NeedsMore.class, handshake.status());
  }

  @Test
  @DisplayName("AUTH-06 a line end completes as many bytes as may wait")
  void theLongestLineIsAnswered() {
    assertEquals("ERROR \"Unknown command\"\r\n", Talk.say(handshake, "A".repeat(16_383) + "\r\n"));
    assertEquals(Peers.OK, Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
  }

  @Test
  @DisplayName("AUTH-06, SEC-29 one byte more ends the handshake without an answer")
  void oneByteMoreEndsTheHandshake() {
    ByteBuffer in = Talk.bytes("A".repeat(16_385) + "\r\nAUTH\r\n");

    handshake.receive(in);

    assertEquals(FailureReason.LINE_TOO_LONG, reason());
    assertFalse(handshake.hasOutput());
    assertEquals(16_385, in.position(), "no byte is taken after the limit");
  }

  @Test
  @DisplayName("AUTH-03, AUTH-06 line feeds alone do not make a line end")
  void lineFeedsAloneDoNotEndALine() {
    assertEquals("", Talk.say(handshake, "AUTH\n".repeat(3_277)));
    assertEquals(FailureReason.LINE_TOO_LONG, reason());
  }

  @Test
  @DisplayName("AUTH-22 the sixth rejection is sent, and the last")
  void theSixthRejectionIsTheLast() {
    for (int i = 1; i <= 5; i++) {
      assertEquals(REJECTED, Talk.sayLine(handshake, "AUTH EXTERNAL 30"));
      assertInstanceOf(NeedsMore.class, handshake.status());
    }
    assertEquals(REJECTED, Talk.sayLine(handshake, "AUTH"));
    assertEquals(FailureReason.TOO_MANY_REJECTIONS, reason());
    assertEquals("", Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AUTH", "AUTH NOSUCH", "AUTH EXTERNAL 30", "ERROR", "AUTH EXTERNAL 7a"})
  @DisplayName("AUTH-22 every rejection counts")
  void everyRejectionCounts(String line) {
    for (int i = 1; i <= 6; i++) {
      assertInstanceOf(NeedsMore.class, handshake.status());
      assertEquals(REJECTED, Talk.sayLine(handshake, line));
    }
    assertEquals(FailureReason.TOO_MANY_REJECTIONS, reason());
  }

  @Test
  @DisplayName("AUTH-22 identities taken and given back count as well")
  void identitiesGivenBackCount() {
    for (int i = 1; i <= 6; i++) {
      assertEquals(Peers.OK, Talk.sayLine(handshake, "AUTH EXTERNAL 31303030"));
      assertEquals(REJECTED, Talk.sayLine(handshake, "CANCEL"));
    }
    assertEquals(FailureReason.TOO_MANY_REJECTIONS, reason());
  }

  @Test
  @DisplayName("AUTH-22 the number of rejections can be configured")
  void theNumberOfRejectionsCanBeConfigured() {
    ServerHandshake strict =
        Peers.greeted(Peers.server().limits(HandshakeLimits.DEFAULT.withRejections(2)));

    assertEquals(REJECTED, Talk.sayLine(strict, "AUTH"));
    assertInstanceOf(NeedsMore.class, strict.status());
    assertEquals(REJECTED, Talk.sayLine(strict, "AUTH"));
    assertInstanceOf(Failed.class, strict.status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"FOO", "CANCEL", "", "\0", "\u00ff", "NEGOTIATE_UNIX_FD", "AUTH X 3", "OK"})
  @DisplayName("AUTH-02, AUTH-23 the sixty-fourth error is sent, and the last")
  void theSixtyFourthErrorIsTheLast(String line) {
    for (int i = 1; i <= 64; i++) {
      assertInstanceOf(NeedsMore.class, handshake.status());
      assertTrue(Talk.sayLine(handshake, line).startsWith("ERROR"));
    }
    assertEquals(FailureReason.TOO_MANY_ERRORS, reason());
    assertEquals("", Talk.sayLine(handshake, "AUTH"));
  }

  @Test
  @DisplayName("AUTH-23, AUTH-27 refused descriptors count as errors")
  void refusedDescriptorsCountAsErrors() {
    ServerHandshake without = Peers.greeted(Peers.server().unixFds(false));
    Talk.sayLine(without, "AUTH EXTERNAL 31303030");

    assertEquals("ERROR\r\n".repeat(64), Talk.say(without, "NEGOTIATE_UNIX_FD\r\n".repeat(70)));
    assertEquals(
        FailureReason.TOO_MANY_ERRORS, assertInstanceOf(Failed.class, without.status()).reason());
  }

  @Test
  @DisplayName("AUTH-06 16384 bytes of answers are given, and not one more")
  void answersAreLimitedInTotal() {
    Talk.sayLine(handshake, "AUTH EXTERNAL 31303030");
    String answers = Talk.say(handshake, "NEGOTIATE_UNIX_FD\r\n".repeat(2_000));

    assertEquals(FailureReason.TOO_MUCH_OUTPUT, reason());
    assertEquals("AGREE_UNIX_FD\r\n".repeat((16_384 - 37) / 15), answers);
  }

  @Test
  @DisplayName("AUTH-06 the limit of answers does not depend on how often they are taken")
  void theLimitOfAnswersDoesNotDependOnHowOftenTheyAreTaken() {
    Talk.sayLine(handshake, "AUTH EXTERNAL 31303030");
    int answers = 0;
    for (int i = 0; i < 2_000; i++) {
      answers += Talk.say(handshake, "NEGOTIATE_UNIX_FD\r\n").length() / 15;
    }

    assertEquals((16_384 - 37) / 15, answers);
  }

  @Test
  @DisplayName(
      "AUTH-24 the caller ends the handshake when its time is over; what waits is not sent")
  void theCallerEndsTheHandshake() {
    handshake.receive(Talk.bytes("AUTH EXTERNAL 31303030\r\n"));

    Failed failed = handshake.abort(FailureReason.TIMED_OUT, "30 s have passed");

    assertSame(failed, handshake.status());
    assertEquals("TIMED_OUT: 30 s have passed", failed.toString());
    assertFalse(handshake.hasOutput());
    assertEquals("", Talk.sayLine(handshake, "BEGIN"));
    assertSame(failed, handshake.status());
  }

  @Test
  @DisplayName("AUTH-57 a handshake that came to its end too late is ended all the same")
  void aHandshakeThatEndedTooLateCanBeAborted() {
    handshake.receive(Talk.bytes("AUTH EXTERNAL 31303030\r\nBEGIN\r\n"));
    assertInstanceOf(Authenticated.class, handshake.status());

    handshake.abort(FailureReason.TIMED_OUT, "the observer thought too long");

    assertEquals(FailureReason.TIMED_OUT, reason());
    assertFalse(handshake.hasOutput());
  }

  @Test
  void theFirstReasonOfAFailureStays() {
    Talk.sayLine(handshake, "BEGIN");

    assertEquals(
        FailureReason.BEGIN_BEFORE_OK,
        handshake.abort(FailureReason.END_OF_STREAM, "closed").reason());
  }

  @Test
  @DisplayName("SEC-28 random bytes cause no exception and let nobody in")
  void randomBytesLetNobodyIn() {
    Random random = new Random(20_261_122);
    byte[] alphabet =
        " \r\n\0AUTHDBEGINCL_X0139af\t\u007f".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int round = 0; round < 2_000; round++) {
      ServerHandshake victim = Peers.greeted(Peers.server());
      for (int i = 0; i < 40; i++) {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        if (random.nextBoolean()) {
          for (int j = 0; j < noise.length; j++) {
            noise[j] = alphabet[Math.floorMod(noise[j], alphabet.length)];
          }
        }
        assertFalse(victim.receive(ByteBuffer.wrap(noise)) instanceof Authenticated);
        victim.receive(Talk.bytes("\r\n"));
      }
    }
  }
}
