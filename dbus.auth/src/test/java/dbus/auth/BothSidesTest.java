package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Our client and our server, joined.
class BothSidesTest {
  /// More rounds than any handshake of three mechanisms takes.
  private static final int ROUNDS = 20;

  record Pair(
      Credentials socket,
      AuthPolicy policy,
      List<ClientMechanism> clients,
      boolean clientFds,
      boolean serverFds,
      boolean pipelined) {}

  static Stream<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    List<List<ClientMechanism>> clients =
        List.of(
            List.of(Peers.external()),
            List.of(ClientMechanism.externalWithoutIdentity()),
            List.of(new ClientSteps()),
            List.of(ClientMechanism.anonymous()),
            List.of(Peers.external(), new ClientSteps(), ClientMechanism.anonymous()));
    List<AuthPolicy> policies =
        List.of(
            Peers.SAME_USER,
            Peers.SAME_USER.allowAnonymous(),
            AuthPolicy.anyUser(),
            AuthPolicy.anyUser().allowAnonymous());
    List<Credentials> sockets =
        List.of(Peers.USER_1000, Credentials.ofUid(1001), Credentials.UNKNOWN);
    for (Credentials socket : sockets) {
      for (AuthPolicy policy : policies) {
        for (List<ClientMechanism> mechanisms : clients) {
          for (int bits = 0; bits < 8; bits++) {
            pairs.add(
                new Pair(
                    socket, policy, mechanisms, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0));
          }
        }
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  @DisplayName("both sides end in agreement or in a refusal, in whole and byte by byte")
  void bothSidesEndInAgreementOrInARefusal(Pair pair) {
    for (boolean bytewise : new boolean[] {false, true}) {
      ServerHandshake server =
          Peers.serverOfAll()
              .socket(pair.socket())
              .policy(pair.policy())
              .unixFds(pair.serverFds())
              .build();
      ClientHandshake client =
          ClientHandshake.builder()
              .mechanisms(pair.clients())
              .unixFds(pair.clientFds())
              .pipelined(pair.pipelined())
              .build();
      for (int i = 0; i < ROUNDS && client.hasOutput(); i++) {
        pass(client, server, bytewise);
        pass(server, client, bytewise);
      }

      if (client.status() instanceof Authenticated ofClient) {
        Authenticated ofServer = assertInstanceOf(Authenticated.class, server.status());
        assertEquals(ofClient.mechanism(), ofServer.mechanism());
        assertEquals(ofClient.guid(), ofServer.guid());
        assertEquals(ofClient.unixFds(), ofServer.unixFds());
        assertEquals(pair.clientFds() && pair.serverFds(), ofServer.unixFds());
        assertTrue(pair.policy().admits(ofServer.identity()));
      } else {
        assertEquals(
            FailureReason.NO_MECHANISM, assertInstanceOf(Failed.class, client.status()).reason());
        assertFalse(server.status() instanceof Authenticated);
      }
    }
  }

  private static void pass(Handshake from, Handshake to, boolean bytewise) {
    ByteBuffer bytes = from.takeOutput();
    while (bytewise && bytes.hasRemaining()) {
      to.receive(ByteBuffer.wrap(new byte[] {bytes.get()}));
    }
    to.receive(bytes);
  }
}
