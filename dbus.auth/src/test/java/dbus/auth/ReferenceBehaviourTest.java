package dbus.auth;

import static dbus.auth.Talk.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What the reference implementation's own tests hold it to, told anew: each turn is a line, and
/// the command that answers it.
class ReferenceBehaviourTest {
  private static final Credentials SELF = Credentials.ofThisProcess();
  private static final long UID = SELF.uid().orElseThrow();
  private static final String OWN = "AUTH EXTERNAL " + hex(Long.toString(UID));
  private static final Credentials NOT_KNOWN = Credentials.UNKNOWN;

  enum End {
    WAITS,
    AUTHENTICATED,
    HANGS_UP
  }

  /// @param line what the other side says
  /// @param answer the command that it hears; an empty text for none
  record Turn(String line, String answer) {}

  /// @param socket what the platform says about the client
  record Script(String behaviour, Credentials socket, End end, List<Turn> turns) {
    @Override
    public String toString() {
      return behaviour;
    }
  }

  private static Script script(String behaviour, Credentials socket, End end, String... turns) {
    List<Turn> list = new ArrayList<>();
    for (int i = 0; i < turns.length; i += 2) {
      list.add(new Turn(turns[i], turns[i + 1]));
    }
    return new Script(behaviour, socket, end, list);
  }

  static final List<Script> SERVER =
      List.of(
          script("a bare AUTH asks for the list", SELF, End.WAITS, "AUTH", "REJECTED"),
          script("EXTERNAL as oneself", SELF, End.AUTHENTICATED, OWN, "OK", "BEGIN", ""),
          script(
              "EXTERNAL as root, by root",
              Credentials.ofUid(0),
              End.AUTHENTICATED,
              "AUTH EXTERNAL 30",
              "OK",
              "BEGIN",
              ""),
          script(
              "EXTERNAL as whoever the platform says",
              SELF,
              End.AUTHENTICATED,
              "AUTH EXTERNAL",
              "DATA",
              "DATA",
              "OK",
              "BEGIN",
              ""),
          script("EXTERNAL where nothing is known", NOT_KNOWN, End.WAITS, OWN, "REJECTED"),
          script(
              "EXTERNAL as oneself, where the platform knows better",
              Credentials.ofUid(UID + 4312),
              End.WAITS,
              OWN,
              "REJECTED"),
          script(
              "EXTERNAL by login name, then by number",
              SELF,
              End.AUTHENTICATED,
              "AUTH EXTERNAL " + hex("alice"),
              "REJECTED",
              OWN,
              "OK",
              "BEGIN",
              ""),
          script(
              "an identity given back and taken again",
              SELF,
              End.AUTHENTICATED,
              OWN,
              "OK",
              "CANCEL",
              "REJECTED",
              OWN,
              "OK",
              "BEGIN",
              ""),
          script(
              "ANONYMOUS with a trace",
              NOT_KNOWN,
              End.AUTHENTICATED,
              "AUTH ANONYMOUS " + hex("some library 1.2"),
              "OK",
              "BEGIN",
              ""),
          script(
              "a command that does not exist",
              SELF,
              End.WAITS,
              "NO_SUCH_COMMAND with some arguments",
              "ERROR"),
          script("letters that are no hex digits", SELF, End.WAITS, "AUTH EXTERNAL xyzzy", "ERROR"),
          script(
              "six attempts are enough",
              NOT_KNOWN,
              End.HANGS_UP,
              OWN,
              "REJECTED",
              OWN,
              "REJECTED",
              OWN,
              "REJECTED",
              OWN,
              "REJECTED",
              OWN,
              "REJECTED",
              OWN,
              "REJECTED"),
          script(
              "DBUS_COOKIE_SHA1 as another user, then as oneself",
              NOT_KNOWN,
              End.WAITS,
              "AUTH DBUS_COOKIE_SHA1 " + hex(Long.toString(UID + 1)),
              "REJECTED",
              "AUTH DBUS_COOKIE_SHA1 " + hex(Long.toString(UID)),
              "DATA"),
          script(
              "DBUS_COOKIE_SHA1 by another's login name, then by one's own",
              NOT_KNOWN,
              End.WAITS,
              "AUTH DBUS_COOKIE_SHA1 " + hex("bob"),
              "REJECTED",
              "AUTH DBUS_COOKIE_SHA1 " + hex("alice"),
              "DATA"));

  @TempDir private Path home;

  private ServerHandshake server(Credentials socket) {
    CookieKeyring keyring =
        CookieKeyring.at(home.resolve("keyrings")).withUser(SELF, Optional.of("alice"));
    return Peers.greeted(
        ServerHandshake.builder(Peers.GUID)
            .socket(socket)
            .mechanisms(
                List.of(
                    ServerMechanism.external(),
                    ServerMechanism.cookieSha1(keyring),
                    ServerMechanism.anonymous()))
            .policy(AuthPolicy.anyUser().allowAnonymous()));
  }

  @ParameterizedTest
  @FieldSource("SERVER")
  @DisplayName("a server behaves as the reference implementation")
  void aServer(Script script) {
    ServerHandshake server = server(script.socket());

    for (Turn turn : script.turns()) {
      assertEquals(turn.answer(), command(Talk.sayLine(server, turn.line())));
    }

    assertEquals(script.end(), end(server));
  }

  @Test
  @DisplayName("AUTH-12 bytes after BEGIN are left to the connection")
  void bytesAfterBegin() {
    ServerHandshake server = server(SELF);
    Talk.sayLine(server, OWN);
    ByteBuffer in = Talk.bytes("BEGIN\r\nHello\r\n");

    server.receive(in);

    assertEquals(End.AUTHENTICATED, end(server));
    assertEquals("Hello\r\n", Talk.text(in));
  }

  /// The reference implementation takes an `OK` with any identifier; here it has 32 digits
  /// (AUTH-61).
  static final List<Script> CLIENT =
      List.of(
          script(
              "a client falls back to ANONYMOUS, past what it does not know",
              SELF,
              End.AUTHENTICATED,
              "",
              "AUTH",
              "REJECTED NO_SUCH_MECHANISM ANONYMOUS ANOTHER_ONE",
              "AUTH",
              Peers.OK,
              "BEGIN"),
          script(
              "a client falls back to the next mechanism of the list",
              SELF,
              End.AUTHENTICATED,
              "",
              "AUTH",
              "REJECTED EXTERNAL DBUS_COOKIE_SHA1 NO_SUCH_MECHANISM",
              "AUTH",
              Peers.OK,
              "BEGIN"),
          script(
              "a client out of mechanisms hangs up",
              SELF,
              End.HANGS_UP,
              "",
              "AUTH",
              "REJECTED NO_SUCH_MECHANISM",
              ""),
          script(
              "a client does not know a command",
              SELF,
              End.WAITS,
              "",
              "AUTH",
              "NO_SUCH_COMMAND with some arguments",
              "ERROR"));

  @ParameterizedTest
  @FieldSource("CLIENT")
  @DisplayName("a client behaves as the reference implementation")
  void aClient(Script script) {
    ClientHandshake client =
        ClientHandshake.builder()
            .mechanisms(
                List.of(
                    ClientMechanism.external(),
                    ClientMechanism.cookieSha1(CookieKeyring.at(home.resolve("keyrings"))),
                    ClientMechanism.anonymous()))
            .build();

    for (Turn turn : script.turns()) {
      String said =
          turn.line().isEmpty()
              ? Talk.text(client.takeOutput())
              : Talk.sayLine(client, turn.line());
      assertEquals(turn.answer(), command(said));
    }

    assertEquals(script.end(), end(client));
  }

  private static String command(String answer) {
    return answer.replace("\0", "").strip().split(" ", 2)[0];
  }

  private static End end(Handshake handshake) {
    return switch (handshake.status()) {
      case NeedsMore _ -> End.WAITS;
      case Authenticated _ -> End.AUTHENTICATED;
      case Failed _ -> End.HANGS_UP;
    };
  }
}
