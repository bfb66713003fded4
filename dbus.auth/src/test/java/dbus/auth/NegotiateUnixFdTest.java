package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.auth.HandshakeStatus.Authenticated;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whether descriptors may be passed: what the server was built with decides, the client asks, and
/// the result says what came of it.
@DisplayName("AUTH-26 descriptors are agreed exactly if the server can and the client asks")
class NegotiateUnixFdTest {
  private static final String AUTH = "AUTH EXTERNAL " + Talk.hex("1000");

  private static boolean agreed(ServerHandshake server) {
    Talk.sayLine(server, "BEGIN");
    return assertInstanceOf(Authenticated.class, server.status()).unixFds();
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void onBothSides(boolean serverCan, boolean clientAsks) {
    ServerHandshake server = Peers.greeted(Peers.server().unixFds(serverCan));
    Talk.sayLine(server, AUTH);

    if (clientAsks) {
      assertEquals(
          serverCan ? "AGREE_UNIX_FD" : "ERROR", Talk.sayLine(server, "NEGOTIATE_UNIX_FD"));
    }

    assertEquals(serverCan && clientAsks, agreed(server));
  }

  @Test
  void notUnlessTheServerWasBuiltWithThem() {
    ServerHandshake server =
        Peers.greeted(
            ServerHandshake.builder(Peers.GUID).socket(Peers.USER_1000).policy(Peers.SAME_USER));
    Talk.sayLine(server, AUTH);

    assertEquals("ERROR", Talk.sayLine(server, "NEGOTIATE_UNIX_FD"));
  }

  @Test
  void anAgreementBelongsToOneIdentity() {
    ServerHandshake server = Peers.greeted(Peers.server());
    Talk.say(server, Talk.lines(AUTH, "NEGOTIATE_UNIX_FD", "CANCEL", AUTH));

    assertEquals(false, agreed(server));
  }

  @Test
  @DisplayName("AUTH-20 the question may be repeated, and has the same answer")
  void theQuestionMayBeRepeated() {
    ServerHandshake server = Peers.greeted(Peers.server());
    Talk.sayLine(server, AUTH);

    assertEquals(
        Talk.lines("AGREE_UNIX_FD", "AGREE_UNIX_FD"),
        Talk.say(server, Talk.lines("NEGOTIATE_UNIX_FD", "NEGOTIATE_UNIX_FD")));
    assertEquals(true, agreed(server));
  }
}
