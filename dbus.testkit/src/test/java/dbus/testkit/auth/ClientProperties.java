package dbus.testkit.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.testkit.auth.ClientModel.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// The client against a model of the specification's table (AUTH-15, AUTH-60, AUTH-61).
class ClientProperties {
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
    return Arbitraries.frequencyOf(
            Tuple.of(9, AuthArbitraries.serverLines()),
            Tuple.of(1, Arbitraries.just("DATA " + AuthArbitraries.hex(ClientModel.CHALLENGE))))
        .list()
        .ofMaxSize(15);
  }

  @Provide
  Arbitrary<List<String>> mechanisms() {
    return Arbitraries.shuffle("EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS")
        .flatMap(all -> Arbitraries.integers().between(1, 3).map(count -> all.subList(0, count)));
  }

  @Provide
  Arbitrary<Splitting> splittings() {
    return AuthArbitraries.splittings();
  }

  @Provide
  Arbitrary<byte[]> noise() {
    return AuthArbitraries.noise();
  }

  private static ClientHandshake.Builder client(List<String> mechanisms) {
    return ClientHandshake.builder()
        .mechanisms(
            mechanisms.stream()
                .map(name ->
                    switch (name) {
                      case "EXTERNAL" -> ClientMechanism.externalWithoutIdentity();
                      case "ANONYMOUS" -> ClientMechanism.anonymous("t");
                      default -> ClientMechanism.cookieSha1(keyring.keyring());
                    })
                .toList());
  }

  private static String hear(ClientHandshake client, String text, Splitting splitting) {
    StringBuilder answer = new StringBuilder();
    for (ByteBuffer piece : splitting.pieces(text)) {
      client.receive(piece);
      answer.append(StandardCharsets.US_ASCII.decode(client.takeOutput()));
    }
    return answer.toString();
  }

  @Property(tries = 3000)
  @Label(
      "AUTH-14, AUTH-15, AUTH-62 whatever is heard, in whatever pieces, the client answers as the table has it")
  void asTheTableHasIt(
      @ForAll("mechanisms") List<String> mechanisms,
      @ForAll("lines") List<String> lines,
      @ForAll boolean fds,
      @ForAll boolean pipelined,
      @ForAll("splittings") Splitting splitting) {
    ClientModel model = new ClientModel(mechanisms, fds, pipelined);
    ClientHandshake client = client(mechanisms).unixFds(fds).pipelined(pipelined).build();
    assertEquals(
        "\0" + model.begin() + "\r\n",
        StandardCharsets.US_ASCII.decode(client.takeOutput()).toString());
    for (String line : lines) {
      String expected = model.answer(line);
      String answer = hear(client, line + "\r\n", splitting);

      switch (expected) {
        case "" -> assertEquals("", answer);
        case "ANSWER" -> assertTrue(answer.matches("DATA [0-9a-f]{146}\r\n"), answer);
        default -> assertEquals(expected + "\r\n", answer);
      }
      switch (client.status()) {
        case NeedsMore _ ->
            assertTrue(
                List.of(State.DATA, State.OK, State.REJECT, State.AGREE).contains(model.state()));
        case Failed _ -> assertEquals(State.CLOSED, model.state());
        case Authenticated done -> {
          assertEquals(State.AUTHENTICATED, model.state());
          assertEquals(model.mechanism(), done.mechanism());
          assertEquals(model.fds(), done.unixFds());
        }
      }
      if (model.state() == State.AUTHENTICATED || model.state() == State.CLOSED) {
        return;
      }
    }
  }

  @Property
  @Label("random bytes never make a client believe that it is authenticated")
  void randomBytes(
      @ForAll("mechanisms") List<String> mechanisms,
      @ForAll("noise") byte[] noise,
      @ForAll boolean pipelined,
      @ForAll("splittings") Splitting splitting) {
    ClientHandshake client = client(mechanisms).unixFds(true).pipelined(pipelined).build();

    hear(client, new String(noise, StandardCharsets.ISO_8859_1), splitting);

    assertFalse(client.status() instanceof Authenticated);
  }
}
