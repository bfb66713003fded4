package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What both sides have if nobody says otherwise.
class DefaultMechanismsTest {
  private static final String UID = Long.toString(Credentials.ofThisProcess().uid().orElseThrow());

  @Test
  @DisplayName(
      "AUTH-10 by default EXTERNAL, DBUS_COOKIE_SHA1 and, if allowed, ANONYMOUS are offered")
  void whatIsOffered() {
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
  @DisplayName("AUTH-60 by default a client tries EXTERNAL, then DBUS_COOKIE_SHA1")
  void whatAClientTries() {
    ClientHandshake client = ClientHandshake.builder().build();
    assertEquals("\0AUTH EXTERNAL " + Talk.hex(UID) + "\r\n", Talk.text(client.takeOutput()));
    assertEquals(
        "AUTH DBUS_COOKIE_SHA1 " + Talk.hex(UID),
        Talk.sayLine(client, "REJECTED ANONYMOUS DBUS_COOKIE_SHA1 EXTERNAL"));
  }
}
