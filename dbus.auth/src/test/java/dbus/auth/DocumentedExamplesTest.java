package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The code that the pages of the package and its types show.
class DocumentedExamplesTest {
  @Test
  @DisplayName("package: a server and a client without a socket between them")
  void bothSides() {
    Credentials peer = Credentials.ofThisProcess(); // of the socket, read when it was accepted
    ServerHandshake server =
        ServerHandshake.builder(Guid.random())
            .socket(peer)
            .policy(AuthPolicy.sameUser())
            .unixFds(true)
            .build();
    ClientHandshake client = ClientHandshake.builder().unixFds(true).build();

    while (client.hasOutput()) {
      server.receive(client.takeOutput());
      client.receive(server.takeOutput());
    }

    String told =
        switch (server.status()) {
          case Authenticated done -> done.mechanism() + " as " + done.identity().orElseThrow();
          case Failed failed -> "refused, " + failed;
          case NeedsMore _ -> "unfinished";
        };

    assertEquals("EXTERNAL as " + peer, told);
    assertTrue(assertInstanceOf(Authenticated.class, client.status()).unixFds());
  }

  @Test
  @DisplayName("AuthPolicy: five ways to say who may connect")
  void policies() {
    AuthObserver observer = new AuthObserver() {};
    Optional<Credentials> own = Optional.of(Credentials.ofThisProcess());

    List<AuthPolicy> policies =
        List.of(
            AuthPolicy.sameUser(),
            AuthPolicy.sameUser().alsoUid(0),
            AuthPolicy.anyUser(),
            AuthPolicy.anyUser().allowAnonymous(),
            AuthPolicy.anyUser().observedBy(observer));

    assertTrue(policies.stream().allMatch(policy -> policy.admits(own)));
    assertEquals(
        List.of(false, false, false, true, false),
        policies.stream().map(AuthPolicy::allowsAnonymous).toList());
  }

  @Test
  @DisplayName("CookieKeyring: a keyring elsewhere, by another name")
  void keyring(@TempDir Path directory) {
    ServerMechanism mechanism =
        ServerMechanism.cookieSha1(CookieKeyring.at(directory).withContext("org_example_app"));

    assertEquals("DBUS_COOKIE_SHA1", mechanism.name());
  }
}
