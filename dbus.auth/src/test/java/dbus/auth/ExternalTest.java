package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.auth.ClientMechanism.Continue;
import dbus.auth.ClientMechanism.Finish;
import dbus.auth.ClientMechanism.GiveUp;
import dbus.auth.ServerMechanism.Accept;
import dbus.auth.ServerMechanism.Challenge;
import dbus.auth.ServerMechanism.Reject;
import dbus.auth.ServerMechanism.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalTest {
  private static final Credentials ROOT = Credentials.ofSocket(0, 0, 1);
  private static final String SID = "S-1-5-21-1-2-3-1001";

  private static Step claim(String identity, Credentials socket) {
    return ServerMechanism.external().start(socket).respond(Optional.of(Payload.ofText(identity)));
  }

  private static Accept accepted(Credentials socket) {
    return new Accept(Optional.of(socket), Optional.empty());
  }

  @Test
  @DisplayName("AUTH-29 the uid of the socket is accepted, with all that the socket knows")
  void theUidOfTheSocket() {
    assertEquals(accepted(Peers.USER_1000), claim("1000", Peers.USER_1000));
    assertEquals(accepted(ROOT), claim("0", ROOT));
    Credentials last = Credentials.ofUid(4_294_967_294L);
    assertEquals(accepted(last), claim("4294967294", last));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "100", "10000", "65534"})
  @DisplayName("AUTH-29 any other uid is rejected")
  void anotherUid(String uid) {
    assertInstanceOf(Reject.class, claim(uid, Peers.USER_1000));
  }

  static final List<String> ODD_ROOTS =
      List.of(
          "+0", "-0", " 0", "0 ", "00", "0x0", "0\0x", "0\n", "root", "\u0660", "4294967296", "-1");

  @ParameterizedTest
  @FieldSource("ODD_ROOTS")
  @DisplayName("AUTH-31 there is one spelling of a uid")
  void oddSpellingsOfRoot(String identity) {
    assertInstanceOf(Reject.class, claim(identity, ROOT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+1000",
        "01000",
        "1000 ",
        "1000\0x",
        "1000\0",
        "0x3e8",
        "1e3",
        "4294968296",
        "99999999999999999999"
      })
  @DisplayName("AUTH-31 there is one spelling of a uid")
  void oddSpellingsOf1000(String identity) {
    assertInstanceOf(Reject.class, claim(identity, Peers.USER_1000));
  }

  @Test
  @DisplayName("AUTH-31 bytes that are no text are no uid")
  void bytesThatAreNoText() {
    assertInstanceOf(
        Reject.class,
        ServerMechanism.external()
            .start(ROOT)
            .respond(Optional.of(Payload.of(new byte[] {(byte) 0xff}))));
  }

  @Test
  @DisplayName("AUTH-30 without a response the server asks, and then believes the socket")
  void withoutAResponse() {
    ServerMechanism.Exchange exchange = ServerMechanism.external().start(Peers.USER_1000);

    assertEquals(new Challenge(Payload.EMPTY), exchange.respond(Optional.empty()));
    assertEquals(accepted(Peers.USER_1000), exchange.respond(Optional.of(Payload.EMPTY)));
  }

  @Test
  @DisplayName("AUTH-32, SEC-23 without a user in the credentials nobody is accepted")
  void withoutAUser() {
    for (Credentials socket : List.of(Credentials.UNKNOWN, Credentials.ofSocket(-1, 0, 1))) {
      assertInstanceOf(Reject.class, claim("0", socket));
      assertInstanceOf(Reject.class, claim("", socket));
      assertInstanceOf(Reject.class, claim("4294967295", socket));
      assertInstanceOf(
          Reject.class, ServerMechanism.external().start(socket).respond(Optional.empty()));
    }
  }

  @Test
  @DisplayName("AUTH-35 on Windows the identity is the SID")
  void theSid() {
    Credentials socket = Credentials.ofSid(SID);

    assertEquals(accepted(socket), claim(SID, socket));
    assertEquals(accepted(socket), claim("", socket));
    assertInstanceOf(Reject.class, claim("S-1-5-18", socket));
    assertInstanceOf(Reject.class, claim("0", socket));
    assertInstanceOf(Reject.class, claim(SID, Peers.USER_1000));
  }

  @Test
  @DisplayName("AUTH-34 the client sends its decimal uid")
  void theClientSendsItsUid() {
    assertEquals(new Finish(Optional.of(Payload.ofText("1000"))), Peers.external().start().begin());
    assertEquals(
        new Finish(
            Optional.of(
                Payload.ofText(Long.toString(Credentials.ofThisProcess().uid().orElseThrow())))),
        ClientMechanism.external().start().begin());
  }

  @Test
  @DisplayName("AUTH-34 the client may keep its identity to itself")
  void theClientMayKeepItsIdentityToItself() {
    ClientMechanism.Exchange exchange = ClientMechanism.externalWithoutIdentity().start();

    assertEquals(new Continue(Optional.empty()), exchange.begin());
    assertInstanceOf(GiveUp.class, exchange.answer(Payload.ofText("who?")));
    assertEquals(new Finish(Optional.of(Payload.EMPTY)), exchange.answer(Payload.EMPTY));
  }

  @Test
  @DisplayName("AUTH-35 the client sends its SID on Windows")
  void theClientSendsItsSid() {
    assertEquals(
        new Finish(Optional.of(Payload.ofText(SID))),
        ClientMechanism.external(Credentials.ofSid(SID)).start().begin());
  }

  @Test
  @DisplayName("SEC-23 a client that does not know its user claims nothing")
  void aClientThatDoesNotKnowItsUser() {
    assertInstanceOf(GiveUp.class, ClientMechanism.external(Credentials.UNKNOWN).start().begin());
  }
}
