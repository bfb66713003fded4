package dbus.testkit.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.AuthObserver;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.auth.PeerInfo;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import dbus.testkit.auth.ServerModel.Setup;
import dbus.testkit.auth.ServerModel.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/// The server against a model of the specification's table (AUTH-15 to AUTH-23).
class ServerProperties {
  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  /// Not the own user, so that it matters which of the two is admitted.
  private static final String SOCKET_UID = Long.toString(Long.parseLong(SharedKeyring.OWN_UID) + 1);

  /// Stands for the line that answers the last challenge rightly.
  private static final String PROOF = "(proof)";

  private static SharedKeyring keyring;

  @BeforeContainer
  static void makeKeyring() throws IOException {
    keyring = new SharedKeyring();
  }

  @AfterContainer
  static void deleteKeyring() throws IOException {
    keyring.close();
  }

  @Provide
  Arbitrary<List<String>> lines() {
    List<String> users = List.of(SOCKET_UID, SharedKeyring.OWN_UID);
    return Arbitraries.frequencyOf(
            Tuple.of(9, AuthArbitraries.clientLines(users)), Tuple.of(2, Arbitraries.just(PROOF)))
        .list()
        .ofMaxSize(30);
  }

  @Provide
  Arbitrary<Setup> setups() {
    Arbitrary<Boolean> flag = Arbitraries.of(true, false);
    return Combinators.combine(
            Arbitraries.of(SOCKET_UID, ""),
            flag,
            flag,
            flag,
            Arbitraries.frequency(Tuple.of(4, true), Tuple.of(1, false)),
            flag)
        .as(Setup::new);
  }

  @Provide
  Arbitrary<Splitting> splittings() {
    return AuthArbitraries.splittings();
  }

  @Provide
  Arbitrary<byte[]> noise() {
    return AuthArbitraries.noise();
  }

  private static ServerHandshake.Builder server(Setup setup) {
    // No such user: a policy that admits nobody.
    AuthPolicy policy = AuthPolicy.sameUserAs(Credentials.UNKNOWN);
    if (setup.admitsSocket()) {
      policy = policy.alsoUid(Long.parseLong(SOCKET_UID));
    }
    if (setup.admitsSelf()) {
      policy = policy.alsoUid(Long.parseLong(SharedKeyring.OWN_UID));
    }
    if (setup.anonymous()) {
      policy = policy.allowAnonymous();
    }
    if (!setup.authorizes()) {
      policy =
          policy.observedBy(
              new AuthObserver() {
                @Override
                public boolean authorize(PeerInfo peer) {
                  return false;
                }
              });
    }
    return ServerHandshake.builder(GUID)
        .socket(
            setup.socket().isEmpty()
                ? Credentials.UNKNOWN
                : Credentials.ofUid(Long.parseLong(setup.socket())))
        .mechanisms(
            List.of(
                ServerMechanism.external(),
                ServerMechanism.cookieSha1(keyring.keyring()),
                ServerMechanism.anonymous()))
        .policy(policy)
        .unixFds(setup.fds());
  }

  private static String say(ServerHandshake server, String text, Splitting splitting) {
    StringBuilder answer = new StringBuilder();
    for (ByteBuffer piece : splitting.pieces(text)) {
      server.receive(piece);
      answer.append(StandardCharsets.US_ASCII.decode(server.takeOutput()));
    }
    return answer.toString();
  }

  @Property(tries = 3000)
  @Label(
      "AUTH-14, AUTH-15 whatever is said, in whatever pieces, the server answers as the table has it")
  void asTheTableHasIt(
      @ForAll("setups") Setup setup,
      @ForAll("lines") List<String> lines,
      @ForAll("splittings") Splitting splitting) {
    ServerModel model = new ServerModel(setup);
    ServerHandshake server = server(setup).build();
    assertEquals("", say(server, "\0", splitting));
    String challenge = "";
    for (String line : lines) {
      boolean proof = line.equals(PROOF) && !challenge.isEmpty();
      String text =
          line.equals(PROOF)
              ? "DATA " + AuthArbitraries.hex(proof ? SharedKeyring.answerTo(challenge) : "x y")
              : line;

      String expected = model.answer(text, proof);
      String answer = say(server, text + "\r\n", splitting);

      challenge = "";
      switch (expected) {
        case "" -> assertEquals("", answer);
        case "OK" -> assertEquals("OK " + GUID + "\r\n", answer);
        case "ERROR" -> assertTrue(answer.matches("ERROR( \"[ -~]*\")?\r\n"), answer);
        case "CHALLENGE" -> {
          assertTrue(answer.matches("DATA [0-9a-f]+\r\n"), answer);
          challenge = answer;
        }
        default -> assertEquals(expected + "\r\n", answer);
      }
      assertAgreed(model, server.status());
      if (model.state() == State.AUTHENTICATED || model.state() == State.CLOSED) {
        return;
      }
    }
  }

  private static void assertAgreed(ServerModel model, HandshakeStatus status) {
    switch (status) {
      case NeedsMore _ ->
          assertTrue(List.of(State.AUTH, State.DATA, State.BEGIN).contains(model.state()));
      case Failed _ -> assertEquals(State.CLOSED, model.state());
      case Authenticated done -> {
        assertEquals(State.AUTHENTICATED, model.state());
        assertEquals(model.mechanism(), done.mechanism());
        assertEquals(model.fds(), done.unixFds());
        assertEquals(
            switch (model.mechanism()) {
              case "EXTERNAL" -> SOCKET_UID;
              case "DBUS_COOKIE_SHA1" -> SharedKeyring.OWN_UID;
              default -> "";
            },
            done.identity().map(it -> Long.toString(it.uid().orElseThrow())).orElse(""));
      }
    }
  }

  /// A server at which only the own user is admitted, who is not at the other end of the socket:
  /// the cookie is the only way in.
  private static Setup closedToStrangers(Setup setup) {
    return new Setup(setup.socket(), false, true, false, setup.authorizes(), setup.fds());
  }

  @Property
  @Label("SEC-28 random bytes never authenticate, never throw, and leave bounded answers")
  void randomBytes(
      @ForAll("setups") Setup setup,
      @ForAll("noise") byte[] noise,
      @ForAll boolean greets,
      @ForAll("splittings") Splitting splitting) {
    ServerHandshake server = server(closedToStrangers(setup)).build();
    String text = new String(noise, StandardCharsets.ISO_8859_1);

    String answer = say(server, greets ? "\0" + text : text, splitting);

    assertFalse(server.status() instanceof Authenticated);
    assertTrue(answer.length() <= 16_384);
  }

  @Property(tries = 3000)
  @Label("SEC-28, AUTH-47 who cannot read the keyring is never authenticated, whatever is said")
  void withoutTheSecret(
      @ForAll("setups") Setup setup,
      @ForAll("lines") List<String> lines,
      @ForAll("splittings") Splitting splitting) {
    ServerHandshake server = server(closedToStrangers(setup)).build();
    String text = String.join("\r\n", lines).replace(PROOF, "DATA " + AuthArbitraries.hex("x y"));

    say(server, "\0" + text + "\r\n", splitting);

    assertFalse(server.status() instanceof Authenticated);
    Statistics.label("status")
        .collect(server.status().getClass().getSimpleName())
        .coverage(seen -> {
          seen.check("Failed").count(n -> n > 300);
          seen.check("NeedsMore").count(n -> n > 300);
        });
  }
}
