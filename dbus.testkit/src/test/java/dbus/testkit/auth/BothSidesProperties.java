package dbus.testkit.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.AuthObserver;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.Credentials;
import dbus.auth.Handshake;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.PeerInfo;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Our client joined with our server: agreement or a clean refusal, in bounded steps, and never one
/// side that believes what the other does not.
class BothSidesProperties {
  /// More exchanges than three mechanisms take.
  private static final int ROUNDS = 20;

  private static final long OWN = Long.parseLong(SharedKeyring.OWN_UID);
  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  private static final Guid OTHER = Guid.parse("ffffffffffffffffffffffffffffffff");

  private static SharedKeyring shared;
  private static SharedKeyring other;

  @BeforeContainer
  static void makeKeyrings() throws IOException {
    shared = new SharedKeyring();
    other = SharedKeyring.another();
  }

  @AfterContainer
  static void deleteKeyrings() throws IOException {
    shared.close();
    other.close();
  }

  /// A server.
  ///
  /// @param socket the uid of the socket; empty if unknown
  /// @param admitted who is admitted; empty for every user
  /// @param mechanisms what it offers
  /// @param allowed what its observer allows
  record Server(
      Optional<Long> socket,
      Optional<Set<Long>> admitted,
      boolean anonymous,
      List<String> mechanisms,
      Set<String> allowed,
      boolean authorizes,
      boolean fds) {

    ServerHandshake build() {
      AuthPolicy policy = AuthPolicy.anyUser();
      if (admitted.isPresent()) {
        policy = AuthPolicy.sameUserAs(Credentials.UNKNOWN);
        for (long uid : admitted.get()) {
          policy = policy.alsoUid(uid);
        }
      }
      return ServerHandshake.builder(GUID)
          .socket(socket.map(Credentials::ofUid).orElse(Credentials.UNKNOWN))
          .mechanisms(
              mechanisms.stream()
                  .map(name ->
                      switch (name) {
                        case "EXTERNAL" -> ServerMechanism.external();
                        case "ANONYMOUS" -> ServerMechanism.anonymous();
                        default -> ServerMechanism.cookieSha1(shared.keyring());
                      })
                  .toList())
          .policy(
              (anonymous ? policy.allowAnonymous() : policy)
                  .observedBy(
                      new AuthObserver() {
                        @Override
                        public boolean allowMechanism(String mechanism) {
                          return allowed.contains(mechanism);
                        }

                        @Override
                        public boolean authorize(PeerInfo peer) {
                          return authorizes;
                        }
                      }))
          .unixFds(fds)
          .build();
    }

    boolean admits(long uid) {
      return admitted.map(it -> it.contains(uid)).orElse(true);
    }
  }

  /// A client.
  ///
  /// @param claims the uid in EXTERNAL; empty to claim none
  /// @param sameKeyring whether it reads the server's keyring
  /// @param rightGuid whether the address that it has is this server's
  record Client(
      List<String> mechanisms,
      Optional<Long> claims,
      boolean sameKeyring,
      boolean fds,
      boolean pipelined,
      boolean rightGuid) {

    ClientHandshake build() {
      return ClientHandshake.builder()
          .mechanisms(
              mechanisms.stream()
                  .map(name ->
                      switch (name) {
                        case "EXTERNAL" ->
                            claims
                                .map(uid -> ClientMechanism.external(Credentials.ofUid(uid)))
                                .orElseGet(ClientMechanism::externalWithoutIdentity);
                        case "ANONYMOUS" -> ClientMechanism.anonymous();
                        default ->
                            ClientMechanism.cookieSha1((sameKeyring ? shared : other).keyring());
                      })
                  .toList())
          .unixFds(fds)
          .pipelined(pipelined)
          .expectedGuid(rightGuid ? GUID : OTHER)
          .build();
    }
  }

  @Provide
  Arbitrary<Server> servers() {
    Arbitrary<Boolean> flag = Arbitraries.of(true, false);
    return Combinators.combine(
            Arbitraries.of(OWN, OWN + 1).optional(),
            Arbitraries.of(OWN, OWN + 1).set().ofMaxSize(2).optional(),
            flag,
            mechanisms(),
            Arbitraries.of("EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS").set().ofMinSize(0),
            Arbitraries.of(true, true, true, false),
            flag)
        .as(Server::new)
        // A server that could admit nobody by its mechanisms is refused when it is built.
        .filter(it -> it.anonymous() || !it.mechanisms().equals(List.of("ANONYMOUS")));
  }

  @Provide
  Arbitrary<Client> clients() {
    Arbitrary<Boolean> flag = Arbitraries.of(true, false);
    return Combinators.combine(
            mechanisms(),
            Arbitraries.of(OWN, OWN + 1).optional(),
            flag,
            flag,
            flag,
            Arbitraries.of(true, true, true, false))
        .as(Client::new);
  }

  @Provide
  Arbitrary<Splitting> splittings() {
    return AuthArbitraries.splittings();
  }

  private static Arbitrary<List<String>> mechanisms() {
    return Arbitraries.shuffle("EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS")
        .flatMap(all -> Arbitraries.integers().between(1, 3).map(count -> all.subList(0, count)));
  }

  /// The mechanism by which this client gets into this server, if it does.
  private static Optional<String> winner(Server server, Client client) {
    return client.mechanisms().stream()
        .filter(name -> server.mechanisms().contains(name) && server.allowed().contains(name))
        .filter(name ->
            switch (name) {
              case "EXTERNAL" ->
                  server.socket().isPresent()
                      && server.admits(server.socket().get())
                      && client.claims().map(server.socket().get()::equals).orElse(true);
              case "ANONYMOUS" -> server.anonymous();
              default -> client.sameKeyring() && server.admits(OWN);
            })
        .findFirst()
        .filter(name -> server.authorizes() && client.rightGuid());
  }

  @Property(tries = 5000)
  @Label(
      "AUTH-54, AUTH-60, AUTH-61 both sides agree on what the policies allow, or both know that it failed")
  void agreementOrRefusal(
      @ForAll("servers") Server setup,
      @ForAll("clients") Client wishes,
      @ForAll("splittings") Splitting there,
      @ForAll("splittings") Splitting back) {
    ServerHandshake server = setup.build();
    ClientHandshake client = wishes.build();
    int rounds = 0;
    while (client.hasOutput()) {
      assertTrue(rounds++ < ROUNDS, "it goes on and on");
      pass(client, server, there);
      pass(server, client, back);
    }

    Optional<String> winner = winner(setup, wishes);
    if (winner.isPresent()) {
      Authenticated ofServer = assertInstanceOf(Authenticated.class, server.status());
      Authenticated ofClient = assertInstanceOf(Authenticated.class, client.status());
      assertEquals(winner.get(), ofServer.mechanism());
      assertEquals(winner.get(), ofClient.mechanism());
      assertEquals(GUID, ofClient.guid());
      assertEquals(setup.fds() && wishes.fds(), ofServer.unixFds());
      assertEquals(ofServer.unixFds(), ofClient.unixFds());
      assertEquals(
          switch (winner.get()) {
            case "EXTERNAL" -> setup.socket();
            case "ANONYMOUS" -> Optional.<Long>empty();
            default -> Optional.of(OWN);
          },
          ofServer.identity().map(it -> it.uid().orElseThrow()));
    } else {
      assertFalse(server.status() instanceof Authenticated);
      assertFalse(client.status() instanceof Authenticated);
      assertTrue(
          client.status() instanceof Failed || server.status() instanceof Failed,
          "one of them hangs up");
    }
  }

  private static void pass(Handshake from, Handshake to, Splitting splitting) {
    for (ByteBuffer piece : splitting.pieces(from.takeOutput())) {
      to.receive(piece);
    }
  }
}
