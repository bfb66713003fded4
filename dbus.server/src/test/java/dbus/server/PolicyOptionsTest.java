package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthObserver;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.auth.FailureReason;
import dbus.auth.PeerInfo;
import dbus.auth.ServerMechanism;
import dbus.auth.ServerMechanism.Accept;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who gets in, by which option.
class PolicyOptionsTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();

  private DBusServerBuilder server() {
    return DBusServer.at("unix:path=" + directory.resolve("s")).listener(witness);
  }

  /// Everybody proves to be whom this says, as if the platform had said so.
  private static ServerMechanism everybodyIs(Credentials who) {
    return new ServerMechanism() {
      @Override
      public String name() {
        return "TRUSTING";
      }

      @Override
      public Exchange start(Credentials socket) {
        return response -> new Accept(Optional.of(who), Optional.empty());
      }
    };
  }

  private static String answer(DBusServer server, String line) throws Exception {
    try (RawClient client = RawClient.silent(server).send("\0" + line + "\r\n")) {
      StringBuilder answer = new StringBuilder();
      while (!answer.toString().endsWith("\r\n")) {
        answer.append(client.read(1));
      }
      return answer.toString().strip();
    }
  }

  private static boolean getsIn(DBusServer server) throws Exception {
    return answer(server, "AUTH TRUSTING").startsWith("OK");
  }

  private static final Credentials OTHER =
      Credentials.ofUid(Credentials.ofThisProcess().uid().orElseThrow() + 1);

  @Test
  @DisplayName("AUTH-58 by default the own user gets in, and nobody else, not even root")
  void sameUserByDefault() throws Exception {
    List<Credentials> strangers =
        List.of(OTHER, Credentials.ofUid(4_000_000_000L), Credentials.UNKNOWN);
    for (Credentials stranger : strangers) {
      try (DBusServer server = server().mechanisms(List.of(everybodyIs(stranger))).start()) {
        assertFalse(getsIn(server), stranger::toString);
      }
    }
    // As whatever user this runs, root is a stranger to the server of another one.
    try (DBusServer server =
        server()
            .policy(AuthPolicy.sameUserAs(OTHER))
            .mechanisms(List.of(everybodyIs(Credentials.ofUid(0))))
            .start()) {
      assertFalse(getsIn(server));
    }
    try (DBusServer server = server().start();
        RawClient me = RawClient.authenticated(server)) {
      me.ping();
      assertEquals("REJECTED EXTERNAL DBUS_COOKIE_SHA1", answer(server, "AUTH"));
    }
  }

  @Test
  @DisplayName("AUTH-58 any user, root too, and anonymous are options of their own")
  void explicitOptions() throws Exception {
    try (DBusServer server = server().anyUser().mechanisms(List.of(everybodyIs(OTHER))).start()) {
      assertTrue(getsIn(server));
    }
    try (DBusServer server =
        server()
            .policy(AuthPolicy.sameUser().alsoUid(OTHER.uid().orElseThrow()))
            .mechanisms(List.of(everybodyIs(OTHER)))
            .start()) {
      assertTrue(getsIn(server));
    }
    try (DBusServer server =
        server().allowAnonymous().sameUser().mechanisms(List.of(everybodyIs(OTHER))).start()) {
      assertFalse(getsIn(server), "anonymous does not mean everybody who has a name");
    }
    try (DBusServer server = server().allowAnonymous().start()) {
      assertTrue(answer(server, "AUTH ANONYMOUS").startsWith("OK"));
    }
  }

  @Test
  @DisplayName("SEC-23 credentials that are not known are nobody's, and never root's")
  void unknownIsNobody() throws Exception {
    for (AuthPolicy policy :
        List.of(AuthPolicy.sameUser(), AuthPolicy.sameUser().alsoUid(0), AuthPolicy.anyUser())) {
      try (DBusServer server =
          server().policy(policy).mechanisms(List.of(everybodyIs(Credentials.UNKNOWN))).start()) {
        assertFalse(getsIn(server));
        assertTrue(witness.authenticated.isEmpty());
      }
    }
  }

  @Test
  @DisplayName("AUTH-55 only the mechanisms that are named are listed and accepted")
  void onlyTheNamedMechanisms() throws Exception {
    try (DBusServer server = server().mechanisms("DBUS_COOKIE_SHA1").start()) {
      assertEquals("REJECTED DBUS_COOKIE_SHA1", answer(server, "AUTH"));
      assertEquals(
          "REJECTED DBUS_COOKIE_SHA1",
          answer(server, RawClient.handshake().strip().substring(1).replace("\r\nBEGIN", "")));
    }
    try (DBusServer server =
        server().allowAnonymous().mechanisms("ANONYMOUS", "EXTERNAL").start()) {
      assertEquals("REJECTED ANONYMOUS EXTERNAL", answer(server, "AUTH"));
    }
  }

  @Test
  @DisplayName("AUTH-55 a server without any mechanism is a mistake that shows before it is bound")
  void noMechanism() {
    assertThrows(IllegalArgumentException.class, () -> server().mechanisms());
    var e = assertThrows(IllegalArgumentException.class, () -> server().mechanisms("KERBEROS_V4"));
    assertTrue(e.getMessage().contains("KERBEROS_V4"), e::getMessage);
    assertThrows(IllegalStateException.class, () -> server().mechanisms("ANONYMOUS").open());
    assertFalse(java.nio.file.Files.exists(directory.resolve("s")));
  }

  @Test
  @DisplayName("AUTH-54, AUTH-56 observers are asked in order, and each can refuse")
  void observers() throws Exception {
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    AuthObserver agreeing =
        new AuthObserver() {
          @Override
          public boolean authorize(PeerInfo peer) {
            return asked.add("first " + peer.mechanism());
          }
        };
    AuthObserver refusing =
        new AuthObserver() {
          @Override
          public boolean authorize(PeerInfo peer) {
            return !asked.add("second");
          }
        };
    // The policy is said last, and the observers are asked all the same.
    try (DBusServer server =
        server().authObserver(agreeing).authObserver(refusing).anyUser().start()) {
      try (RawClient client = RawClient.hasty(server)) {
        client.awaitEnd();
      }
      assertEquals(List.of("first EXTERNAL", "second"), List.copyOf(asked));
      assertEquals(FailureReason.REFUSED, Witness.next(witness.failures));
      assertEquals(1, server.counters().authenticationFailed(FailureReason.REFUSED));
      assertEquals(0, server.counters().authenticated());
    }
  }

  @Test
  @DisplayName("SERV-14 the options can be read from the server")
  void readable() throws Exception {
    ServerLimits limits = ServerLimits.DEFAULT.withConnections(5);
    try (DBusServer server = server().limits(limits).maxUnixFds(3).allowAnonymous().open()) {
      assertEquals(limits.withUnixFds(3).withConnectionsPerUser(256), server.limits());
      assertTrue(server.policy().allowsAnonymous());
      assertTrue(server.policy().admits(Optional.of(Credentials.ofThisProcess())));
      assertFalse(server.policy().admits(Optional.of(OTHER)));
    }
  }
}
