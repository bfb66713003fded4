package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What both sides have if nobody says otherwise.
class DefaultMechanismsTest {
  private static final String UID = Long.toString(Credentials.ofThisProcess().uid().orElseThrow());

  @Test
  @DisplayName(
      "AUTH-10 by default EXTERNAL, DBUS_COOKIE_SHA1 and, if allowed, ANONYMOUS are offered")
  void whatAServerOffers() {
    assertEquals(
        "REJECTED EXTERNAL DBUS_COOKIE_SHA1",
        Talk.sayLine(Peers.greeted(Peers.serverWithDefaults()), "AUTH"));
    assertEquals(
        "REJECTED EXTERNAL DBUS_COOKIE_SHA1 ANONYMOUS",
        Talk.sayLine(
            Peers.greeted(Peers.serverWithDefaults().policy(Peers.SAME_USER.allowAnonymous())),
            "AUTH"));
  }

  @Test
  @DisplayName(
      "AUTH-60 by default a client tries EXTERNAL with identity and without, then DBUS_COOKIE_SHA1")
  void whatAClientTries() {
    String all = "REJECTED ANONYMOUS DBUS_COOKIE_SHA1 EXTERNAL";
    ClientHandshake client = ClientHandshake.builder().build();
    assertEquals("\0AUTH EXTERNAL " + Talk.hex(UID) + "\r\n", Talk.text(client.takeOutput()));
    assertEquals("AUTH EXTERNAL", Talk.sayLine(client, all));
    assertEquals("DATA", Talk.sayLine(client, "DATA"));
    assertEquals("AUTH DBUS_COOKIE_SHA1 " + Talk.hex(UID), Talk.sayLine(client, all));
    assertEquals("", Talk.sayLine(client, all));
    assertEquals(
        "NO_MECHANISM: no mechanism is left; EXTERNAL: rejected; EXTERNAL without identity:"
            + " rejected; DBUS_COOKIE_SHA1: rejected; the server offers: ANONYMOUS"
            + " DBUS_COOKIE_SHA1 EXTERNAL",
        client.status().toString());
  }

  @Test
  @DisplayName("AUTH-60 by default nothing is tried that the server does not offer, and it is told")
  void whatIsNotOffered() {
    ClientHandshake client = ClientHandshake.builder().build();
    client.takeOutput();
    assertEquals("", Talk.sayLine(client, "REJECTED ANONYMOUS"));
    assertEquals(
        "NO_MECHANISM: no mechanism is left; EXTERNAL: rejected; EXTERNAL without identity: not"
            + " offered; DBUS_COOKIE_SHA1: not offered; the server offers: ANONYMOUS",
        client.status().toString());
  }

  @Test
  @DisplayName("AUTH-60 each kind can be named, and none twice")
  void kinds() {
    assertEquals(
        List.of("EXTERNAL", "EXTERNAL without identity", "DBUS_COOKIE_SHA1"),
        ClientMechanism.usual().stream().map(ClientMechanism::kind).toList());
    assertEquals(
        List.of("EXTERNAL", "EXTERNAL", "DBUS_COOKIE_SHA1"),
        ClientMechanism.usual().stream().map(ClientMechanism::name).toList());
    for (ClientMechanism one : ClientMechanism.usual()) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> ClientHandshake.builder().mechanisms(List.of(one, one)));
      assertEquals("mechanisms: " + one.kind() + " occurs twice", e.getMessage());
    }
  }
}
