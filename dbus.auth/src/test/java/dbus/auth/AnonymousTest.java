package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.ServerMechanism.Accept;
import dbus.auth.ServerMechanism.Reject;
import dbus.auth.ServerMechanism.Step;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AnonymousTest {
  private static Step say(Optional<Payload> trace) {
    return ServerMechanism.anonymous().start(Peers.USER_1000).respond(trace);
  }

  private static Accept nobody(Optional<String> trace) {
    return new Accept(Optional.empty(), trace);
  }

  private static String kept(String trace) {
    return assertInstanceOf(Accept.class, say(Optional.of(Payload.ofText(trace))))
        .trace()
        .orElseThrow();
  }

  @Test
  @DisplayName(
      "AUTH-51, AUTH-53 it accepts at once, with and without a trace, and nobody in particular")
  void itAcceptsAtOnce() {
    assertEquals(nobody(Optional.empty()), say(Optional.empty()));
    assertEquals(nobody(Optional.empty()), say(Optional.of(Payload.EMPTY)));
    assertEquals(nobody(Optional.of("GDBus 0.1")), say(Optional.of(Payload.ofText("GDBus 0.1"))));
  }

  @Test
  @DisplayName("AUTH-52 a trace that is not UTF-8 is rejected")
  void aTraceThatIsNotUtf8() {
    byte[] latin1 = "gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1);

    assertInstanceOf(Reject.class, say(Optional.of(Payload.of(latin1))));
  }

  @Test
  @DisplayName("AUTH-52, SEC-07 a trace is safe to print")
  void aTraceIsSafeToPrint() {
    assertEquals("a\\x{a}b\\x{d}\\x{1b}[2J\\x{0}", kept("a\nb\r\u001b[2J\0"));
    assertEquals("\\x{e9}\\x{202e}\\x{1f600}", kept("\u00e9\u202e\ud83d\ude00"));
    assertEquals("\\x{5c}x{a} %n {}~", kept("\\x{a} %n {}~"));
    assertEquals("\\x{7f}", kept("\u007f"));
  }

  @Test
  @DisplayName("AUTH-52 of a trace 255 characters are kept")
  void aTraceIsCut() {
    assertEquals("x".repeat(255), kept("x".repeat(255)));
    assertEquals("x".repeat(255), kept("x".repeat(8_000)));
  }

  @Test
  @DisplayName("AUTH-51 the client always sends a trace")
  void theClientSendsATrace() {
    assertEquals(
        new ClientMechanism.Finish(Optional.of(Payload.ofText("dbus for Java"))),
        ClientMechanism.anonymous().start().begin());
    assertEquals(
        new ClientMechanism.Finish(Optional.of(Payload.ofText("me"))),
        ClientMechanism.anonymous("me").start().begin());
    assertThrows(IllegalArgumentException.class, () -> ClientMechanism.anonymous(""));
    assertThrows(IllegalArgumentException.class, () -> ClientMechanism.anonymous("x".repeat(256)));
  }

  @Test
  void theClientHasNoAnswerToAChallenge() {
    assertInstanceOf(
        ClientMechanism.GiveUp.class,
        ClientMechanism.anonymous().start().answer(Payload.ofText("why?")));
    assertTrue(ServerMechanism.anonymous().isAnonymous());
  }
}
