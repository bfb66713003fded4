package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Servers of others, and what a client says to them.
class PeersOfClientTest {
  private static final String OK = "OK " + Peers.GUID;

  private static ClientHandshake client(ClientMechanism... mechanisms) {
    ClientHandshake handshake =
        ClientHandshake.builder().mechanisms(List.of(mechanisms)).unixFds(true).build();
    handshake.takeOutput();
    return handshake;
  }

  private static Authenticated done(ClientHandshake client) {
    return assertInstanceOf(Authenticated.class, client.status());
  }

  @Nested
  @DisplayName("PEER-11 zbus")
  class Zbus {
    @Test
    @DisplayName("offers one mechanism at a time, and each is tried when its turn comes")
    void oneAtATime() {
      ClientHandshake client =
          client(Peers.external(), new ClientSteps(), ClientMechanism.anonymous());
      assertEquals(
          "AUTH ANONYMOUS " + Talk.hex("dbus for Java"),
          Talk.sayLine(client, "REJECTED ANONYMOUS"));
      assertEquals("AUTH STEPS " + Talk.hex("one"), Talk.sayLine(client, "REJECTED STEPS"));
    }

    @Test
    @DisplayName("sends DATA for a missing initial response, and is answered with an empty one")
    void dataForAMissingResponse() {
      ClientHandshake client = client(ClientMechanism.externalWithoutIdentity());
      assertEquals("DATA", Talk.sayLine(client, "DATA"));
      assertEquals("NEGOTIATE_UNIX_FD", Talk.sayLine(client, OK));
      assertEquals("BEGIN", Talk.sayLine(client, "AGREE_UNIX_FD"));
      assertEquals("EXTERNAL", done(client).mechanism());
    }

    @Test
    @DisplayName("offers EXTERNAL again, and is asked once more, without an identity")
    void externalTwice() {
      ClientHandshake client = client(Peers.external(), ClientMechanism.externalWithoutIdentity());
      assertEquals("AUTH EXTERNAL", Talk.sayLine(client, "REJECTED EXTERNAL"));
      assertEquals("DATA", Talk.sayLine(client, "DATA"));
      assertEquals("NEGOTIATE_UNIX_FD", Talk.sayLine(client, OK));
    }

    @Test
    @DisplayName("does not know NEGOTIATE_UNIX_FD, and is talked to without descriptors")
    void noDescriptors() {
      ClientHandshake client = client(Peers.external());
      assertEquals("NEGOTIATE_UNIX_FD", Talk.sayLine(client, OK));
      assertEquals("BEGIN", Talk.sayLine(client, "ERROR Unknown command"));
      assertEquals(false, done(client).unixFds());
    }

    @Test
    @DisplayName("does not know CANCEL, which ends the handshake with a reason, and no waiting")
    void noCancel() {
      ClientHandshake client = client(Peers.external(), ClientMechanism.anonymous());
      assertEquals("CANCEL", Talk.sayLine(client, "ERROR Unknown command"));
      assertEquals("", Talk.sayLine(client, "ERROR Unknown command"));
      assertEquals(
          FailureReason.UNEXPECTED_LINE, assertInstanceOf(Failed.class, client.status()).reason());
    }
  }

  @Nested
  @DisplayName("PEER-20 Qt, which has the handshake of libdbus")
  class Qt {
    @Test
    @DisplayName("as a server: rejects a user with the list of all that it offers")
    void server() {
      ClientHandshake client = client(Peers.external(), ClientMechanism.anonymous());
      assertEquals(
          "AUTH ANONYMOUS " + Talk.hex("dbus for Java"),
          Talk.sayLine(client, "REJECTED EXTERNAL DBUS_COOKIE_SHA1 ANONYMOUS"));
      assertEquals("NEGOTIATE_UNIX_FD", Talk.sayLine(client, OK));
      assertEquals("BEGIN", Talk.sayLine(client, "AGREE_UNIX_FD"));
      assertEquals("ANONYMOUS", done(client).mechanism());
    }

    @Test
    @DisplayName("as a client: waits for each answer, and then begins with a call of Introspect")
    void clientOfOurs() {
      ServerHandshake server = Peers.greeted(Peers.serverWithDefaults().unixFds(true));
      assertEquals(OK, Talk.sayLine(server, "AUTH EXTERNAL " + Talk.hex("1000")));
      assertEquals("AGREE_UNIX_FD", Talk.sayLine(server, "NEGOTIATE_UNIX_FD"));
      ByteBuffer rest = Talk.bytes("BEGIN\r\nl\1\0\1");
      server.receive(rest);
      assertEquals("EXTERNAL", assertInstanceOf(Authenticated.class, server.status()).mechanism());
      assertEquals("l\1\0\1", Talk.text(rest));
    }
  }
}
