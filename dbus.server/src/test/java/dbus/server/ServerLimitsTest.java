package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthPolicy;
import dbus.auth.HandshakeLimits;
import dbus.connection.ConnectionLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SERV-32 all limits are set in one place")
class ServerLimitsTest {

  private static final ServerLimits DEFAULT = ServerLimits.DEFAULT;

  @TempDir Path directory;

  @Test
  @DisplayName("SERV-29, SERV-30, SERV-31 the defaults are those of the reference implementations")
  void defaults() {
    assertEquals(Duration.ofSeconds(30), DEFAULT.handshake().timeLimit());
    assertEquals(16_384, DEFAULT.handshake().lineBytes());
    assertEquals(6, DEFAULT.handshake().rejections());
    assertEquals(64, DEFAULT.unfinishedHandshakes());
    assertEquals(2048, DEFAULT.connections());
    assertEquals(1 << 27, DEFAULT.connection().messageBytes());
    assertEquals(128, DEFAULT.connection().callsInProgress());
    assertEquals(16L << 20, DEFAULT.connection().outgoingBytes());
    assertEquals(16L << 20, DEFAULT.connection().undeliveredBytes());
    assertEquals(16, DEFAULT.connection().unixFds());
    assertEquals(64, DEFAULT.connection().unixFdsHeld());
  }

  @Test
  void allUsersTogetherCannotBeGivenMoreThanTheHeapByOne() {
    assertTrue(DEFAULT.bytesPerUser() <= Runtime.getRuntime().maxMemory() / 4);
    assertTrue(DEFAULT.bytesPerUser() <= 512L << 20);
  }

  @Test
  void eachCanBeSetAndLeavesTheOthersAlone() {
    ServerLimits all =
        DEFAULT
            .withHandshake(HandshakeLimits.DEFAULT.withErrors(7))
            .withHandshakeTime(Duration.ofSeconds(3))
            .withUnfinishedHandshakes(4)
            .withHandshakeGrace(Duration.ofMillis(5))
            .withConnections(6)
            .withConnectionsPerUser(2)
            .withBytesPerUser(100_000)
            .withUnixFdsPerUser(8)
            .withHandlersPerUser(9)
            .withMessageBytes(1 << 16)
            .withCallsInProgress(10)
            .withOutgoingBytes(11_000)
            .withOutgoingTime(Duration.ofSeconds(16))
            .withUndeliveredBytes(12_000)
            .withUnixFds(13)
            .withUnixFdsHeld(14)
            .withMessageTime(Duration.ofSeconds(15));
    assertEquals(
        new ServerLimits(
            HandshakeLimits.DEFAULT.withErrors(7).withTimeLimit(Duration.ofSeconds(3)),
            new ConnectionLimits(
                1 << 16,
                10,
                11_000,
                Duration.ofSeconds(16),
                12_000,
                13,
                14,
                Optional.of(Duration.ofSeconds(15))),
            4,
            Duration.ofMillis(5),
            6,
            OptionalInt.of(2),
            100_000,
            8,
            9),
        all);
  }

  @Test
  void whatIsOutOfRangeIsRefusedByName() {
    refused("unfinishedHandshakes", () -> DEFAULT.withUnfinishedHandshakes(0));
    refused("handshakeGrace", () -> DEFAULT.withHandshakeGrace(Duration.ofMillis(-1)));
    refused("connections ", () -> DEFAULT.withConnections(0));
    refused("connectionsPerUser", () -> DEFAULT.withConnectionsPerUser(0));
    refused("bytesPerUser", () -> DEFAULT.withBytesPerUser(65_535));
    refused("unixFdsPerUser", () -> DEFAULT.withUnixFdsPerUser(0));
    refused("handlersPerUser", () -> DEFAULT.withHandlersPerUser(0));
    refused("timeLimit", () -> DEFAULT.withHandshakeTime(Duration.ZERO));
    refused("messageBytes", () -> DEFAULT.withMessageBytes(1023));
    refused("messageBytes", () -> DEFAULT.withMessageBytes((1 << 27) + 1));
    refused("callsInProgress", () -> DEFAULT.withCallsInProgress(0));
    refused("outgoingBytes", () -> DEFAULT.withOutgoingBytes(1023));
    refused("undeliveredBytes", () -> DEFAULT.withUndeliveredBytes(1023));
    refused("unixFds ", () -> DEFAULT.withUnixFds(254));
    refused("unixFds ", () -> DEFAULT.withUnixFds(-1));
    refused("unixFdsHeld", () -> DEFAULT.withUnixFdsHeld(0));
  }

  @Test
  @DisplayName(
      "SERV-30 where only the own user may connect he may have all connections, else 256, unless set")
  void connectionsOfAUser() throws Exception {
    assertEquals(2048, connectionsOfAUser(DEFAULT, AuthPolicy.sameUser()));
    assertEquals(7, connectionsOfAUser(DEFAULT.withConnections(7), AuthPolicy.sameUser()));
    assertEquals(256, connectionsOfAUser(DEFAULT, AuthPolicy.anyUser()));
    assertEquals(256, connectionsOfAUser(DEFAULT, AuthPolicy.sameUser().allowAnonymous()));
    assertEquals(3, connectionsOfAUser(DEFAULT.withConnectionsPerUser(3), AuthPolicy.sameUser()));
  }

  private int connectionsOfAUser(ServerLimits limits, AuthPolicy policy) throws Exception {
    try (DBusServer server =
        DBusServer.at("unix:dir=" + directory).limits(limits).policy(policy).open()) {
      return server.limits().connectionsPerUser().orElseThrow();
    }
  }

  private static void refused(String name, Runnable setting) {
    var e = assertThrows(IllegalArgumentException.class, setting::run);
    assertTrue(e.getMessage().startsWith(name), e::getMessage);
  }
}
