package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.keyring.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieSha1Test {
  private static final long NOW = 1_700_000_000;
  private static final String REJECTED = "REJECTED DBUS_COOKIE_SHA1";
  private static final Credentials SELF = Credentials.ofThisProcess();
  private static final long UID = SELF.uid().orElseThrow();
  private static final String SECRET = "00112233445566778899aabbccddeeff0011223344556677";
  private static final String OWN = "fedcba9876543210fedcba9876543210";

  @TempDir private Path home;

  private final TestClock clock = new TestClock(NOW);
  private Path directory;
  private CookieKeyring keyring;

  @BeforeEach
  void begin() {
    directory = home.resolve("keyrings");
    keyring =
        CookieKeyring.at(directory)
            .withClock(clock)
            .withContext("org_example_test")
            .withUser(SELF, Optional.of("alice"));
  }

  private void write(String context, String text) throws IOException {
    if (!Files.exists(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.writeString(directory.resolve(context), text);
    Files.setPosixFilePermissions(
        directory.resolve(context), PosixFilePermissions.fromString("rw-------"));
  }

  private ServerHandshake server() {
    return server(Credentials.UNKNOWN);
  }

  private ServerHandshake server(Credentials socket) {
    return Peers.greeted(
        ServerHandshake.builder(Peers.GUID)
            .socket(socket)
            .mechanisms(List.of(ServerMechanism.cookieSha1(keyring))));
  }

  private ClientHandshake client() {
    return ClientHandshake.builder()
        .mechanisms(List.of(ClientMechanism.cookieSha1(keyring)))
        .build();
  }

  private static String auth(String user) {
    return "AUTH DBUS_COOKIE_SHA1 " + Talk.hex(user);
  }

  private static String data(String text) {
    return "DATA " + Talk.hex(text);
  }

  /// What a `DATA` line says.
  private static List<String> words(String line) {
    assertTrue(line.startsWith("DATA "), line);
    byte[] bytes = HexFormat.of().parseHex(line.strip().substring("DATA ".length()));
    return List.of(new String(bytes, StandardCharsets.US_ASCII).split(" ", -1));
  }

  private String digest(List<String> challenge, String own, String secret) {
    return new String(
        CookieDigest.of(challenge.get(2), own, secret.getBytes(StandardCharsets.US_ASCII)),
        StandardCharsets.US_ASCII);
  }

  /// A server that has asked for cookie 7.
  private List<String> ask(ServerHandshake server) throws IOException {
    write("org_example_test", "7 %d %s\n".formatted(NOW, SECRET));
    return words(Talk.sayLine(server, auth(Long.toString(UID))));
  }

  @Test
  @DisplayName("AUTH-49 the digest of the vector")
  void theVector() {
    assertEquals(
        "9eb7483f0590e8e3b4cb4c7019f25d5314a0706c",
        digest(List.of("", "", "0123456789abcdef0123456789abcdef"), OWN, SECRET));
  }

  @Test
  @DisplayName("AUTH-36 the server tells context, id and challenge, and accepts the digest")
  void theServerAcceptsTheDigest() throws Exception {
    ServerHandshake server = server();
    List<String> challenge = ask(server);
    assertEquals(List.of("org_example_test", "7"), challenge.subList(0, 2));
    assertTrue(challenge.get(2).matches("[0-9a-f]{32}"), challenge.get(2));

    String answer = Talk.sayLine(server, data(OWN + " " + digest(challenge, OWN, SECRET)));

    assertEquals(Peers.OK, answer);
    Talk.sayLine(server, "BEGIN");
    Authenticated done = assertInstanceOf(Authenticated.class, server.status());
    assertEquals("DBUS_COOKIE_SHA1", done.mechanism());
    assertEquals(Optional.of(Credentials.ofUid(UID)), done.identity());
  }

  @Test
  @DisplayName("AUTH-36 the client answers with a challenge of its own and the digest")
  void theClientAnswers() throws Exception {
    write("some_context", "3 %d ab\n9 %d %s\n".formatted(NOW, NOW, SECRET));
    ClientHandshake client = client();
    assertEquals("\0" + auth(Long.toString(UID)) + "\r\n", Talk.text(client.takeOutput()));

    List<String> answer = words(Talk.sayLine(client, data("some_context 9 xyz")));

    assertEquals(2, answer.size());
    assertTrue(answer.get(0).matches("[0-9a-f]{32}"), answer.get(0));
    assertEquals(digest(List.of("", "", "xyz"), answer.get(0), SECRET), answer.get(1));
    assertEquals("BEGIN", Talk.sayLine(client, Peers.OK));
  }

  @Test
  @DisplayName("AUTH-36 both sides agree, over an empty keyring")
  void bothSidesAgree() throws Exception {
    ServerHandshake server =
        ServerHandshake.builder(Peers.GUID)
            .mechanisms(List.of(ServerMechanism.cookieSha1(keyring)))
            .build();
    ClientHandshake client = client();

    while (client.hasOutput()) {
      server.receive(client.takeOutput());
      client.receive(server.takeOutput());
    }

    assertInstanceOf(Authenticated.class, server.status());
    assertEquals(
        "DBUS_COOKIE_SHA1", assertInstanceOf(Authenticated.class, client.status()).mechanism());
    assertTrue(Files.exists(directory.resolve("org_example_test")));
  }

  @Test
  @DisplayName("AUTH-46 challenges differ from one connection to the next")
  void challengesDiffer() throws Exception {
    assertFalse(ask(server()).get(2).equals(ask(server()).get(2)));
    assertFalse(clientChallenge().equals(clientChallenge()));
  }

  private String clientChallenge() throws IOException {
    write("c", "1 %d ab\n".formatted(NOW));
    ClientHandshake client = client();
    client.takeOutput();
    return words(Talk.sayLine(client, data("c 1 x"))).get(0);
  }

  @Test
  @DisplayName("AUTH-46 any text without a space is read as a client's challenge")
  void anyTextIsAChallenge() throws Exception {
    ServerHandshake server = server();
    String own = "K3y\u00e4!";
    List<String> challenge = ask(server);

    assertEquals(Peers.OK, Talk.sayLine(server, data(own + " " + digest(challenge, own, SECRET))));
  }

  @Test
  @DisplayName("AUTH-37 without an initial response the client is rejected")
  void withoutAnInitialResponse() {
    assertEquals(REJECTED, Talk.sayLine(server(), "AUTH DBUS_COOKIE_SHA1"));
    assertEquals(REJECTED, Talk.sayLine(server(), "AUTH DBUS_COOKIE_SHA1 "));
    assertFalse(Files.exists(directory));
  }

  @Test
  @DisplayName("AUTH-38 the own user is named by uid or by login name")
  void theOwnUser() {
    assertEquals("org_example_test", words(Talk.sayLine(server(), auth("" + UID))).get(0));
    assertEquals("org_example_test", words(Talk.sayLine(server(), auth("alice"))).get(0));
  }

  static final List<String> OTHERS =
      List.of(
          Long.toString(UID + 1),
          "+" + UID,
          "0" + UID,
          UID + " ",
          UID + "\0",
          "bob",
          "Alice",
          "alice ",
          "4294967295",
          "*");

  @ParameterizedTest
  @FieldSource("OTHERS")
  @DisplayName("AUTH-38, SEC-18 another user is rejected, and no file is touched")
  void anotherUser(String user) {
    assertEquals(REJECTED, Talk.sayLine(server(), auth(user)));
    assertFalse(Files.exists(directory));
  }

  @Test
  @DisplayName("AUTH-38 a number is a uid, even if somebody is called so")
  void aNumberIsAUid() {
    keyring = keyring.withUser(Credentials.ofUid(UID), Optional.of(Long.toString(UID + 1)));

    assertEquals(REJECTED, Talk.sayLine(server(), auth(Long.toString(UID + 1))));
  }

  @Test
  @DisplayName("AUTH-38 without a login name the uid is the only name")
  void withoutALoginName() {
    keyring = keyring.withUser(SELF, Optional.empty());

    assertEquals(REJECTED, Talk.sayLine(server(), auth("alice")));
    assertEquals("org_example_test", words(Talk.sayLine(server(), auth("" + UID))).get(0));
  }

  static final List<String> WRONG =
      List.of(
          "",
          " ",
          OWN,
          OWN + " ",
          " DIGEST",
          OWN + "DIGEST",
          OWN + "  DIGEST",
          OWN + " DIGEST ",
          OWN + " DIGEST x",
          " " + OWN + " DIGEST",
          OWN + "\tDIGEST",
          OWN + "x DIGEST",
          OWN + " DIGEST\0",
          OWN + " 9eb7483f0590e8e3b4cb4c7019f25d5314a0706c",
          OWN + " " + SECRET,
          OWN + " UPPERCASE",
          OWN + " SHORTER");

  @ParameterizedTest
  @FieldSource("WRONG")
  @DisplayName("AUTH-47 any other response is rejected")
  void anyOtherResponse(String response) throws Exception {
    ServerHandshake server = server();
    String right = digest(ask(server), OWN, SECRET);
    // Of 40 hex digits some is a letter, as good as always; else the response would be right.
    String capitals = right.matches("[0-9]+") ? "A" : right.toUpperCase(Locale.ROOT);
    String text =
        response
            .replace("DIGEST", right)
            .replace("UPPERCASE", capitals)
            .replace("SHORTER", right.substring(1));

    assertEquals(REJECTED, Talk.sayLine(server, text.isEmpty() ? "DATA" : data(text)));
    Talk.sayLine(server, "BEGIN");
    assertInstanceOf(Failed.class, server.status());
  }

  @Test
  @DisplayName("AUTH-47 bytes that are no text are rejected")
  void bytesThatAreNoText() throws Exception {
    ServerHandshake server = server();
    String right = digest(ask(server), OWN, SECRET);

    assertEquals(REJECTED, Talk.sayLine(server, "DATA ff20" + Talk.hex(right)));
  }

  @Test
  @DisplayName("AUTH-47 a digest holds for one challenge only")
  void aDigestHoldsForOneChallengeOnly() throws Exception {
    ServerHandshake server = server();
    String replayed = data(OWN + " " + digest(ask(server), OWN, SECRET));
    assertEquals(Peers.OK, Talk.sayLine(server, replayed));

    ServerHandshake another = server();
    ask(another);
    assertEquals(REJECTED, Talk.sayLine(another, replayed));
  }

  @Test
  @DisplayName("AUTH-47 after a cancel there is a new challenge, and the old one is worth nothing")
  void afterACancel() throws Exception {
    ServerHandshake server = server();
    List<String> old = ask(server);
    assertEquals(REJECTED, Talk.sayLine(server, "CANCEL"));
    ask(server);

    assertEquals(REJECTED, Talk.sayLine(server, data(OWN + " " + digest(old, OWN, SECRET))));
  }

  @Test
  @DisplayName("AUTH-47 a cookie that has expired meanwhile proves nothing")
  void anExpiredCookie() throws Exception {
    ServerHandshake server = server();
    String answer = data(OWN + " " + digest(ask(server), OWN, SECRET));
    clock.set(NOW + 421);

    assertEquals(REJECTED, Talk.sayLine(server, answer));
  }

  @Test
  @DisplayName("AUTH-43 a handshake begun with a fresh cookie has two minutes")
  void aHandshakeHasTwoMinutes() throws Exception {
    ServerHandshake server = server();
    clock.set(NOW + 300);
    String answer = data(OWN + " " + digest(ask(server), OWN, SECRET));
    clock.set(NOW + 420);

    assertEquals(Peers.OK, Talk.sayLine(server, answer));
  }

  @Test
  @DisplayName("AUTH-47 a cookie that is gone proves nothing")
  void aCookieThatIsGone() throws Exception {
    ServerHandshake server = server();
    String answer = data(OWN + " " + digest(ask(server), OWN, SECRET));
    Files.delete(directory.resolve("org_example_test"));

    assertEquals(REJECTED, Talk.sayLine(server, answer));
  }

  @Test
  @DisplayName("AUTH-40 over an unsafe keyring a server rejects, and says why in its log")
  void anUnsafeKeyringOnTheServer() throws Exception {
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
    ServerMechanism.Exchange exchange =
        ServerMechanism.cookieSha1(keyring).start(Credentials.UNKNOWN);

    String reason =
        assertInstanceOf(
                ServerMechanism.Reject.class,
                exchange.respond(Optional.of(Payload.ofText(Long.toString(UID)))))
            .reason();

    assertTrue(reason.startsWith("DBUS_COOKIE_SHA1: " + directory + ": has mode 0750"), reason);
  }

  @Test
  @DisplayName("AUTH-40 over an unsafe keyring a client does not begin")
  void anUnsafeKeyringOnTheClient() throws Exception {
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));

    Failed failed = assertInstanceOf(Failed.class, client().status());

    assertEquals(FailureReason.NO_MECHANISM, failed.reason());
    assertTrue(failed.detail().contains("has mode 0750"), failed::detail);
  }

  static final List<String> CHALLENGES =
      List.of(
          "org_example_test 8 xyz",
          "other 7 xyz",
          "org_example_test 7",
          "org_example_test 7 ",
          "org_example_test  7 xyz",
          "org_example_test 7 xyz ",
          "org_example_test 7 x y",
          " 7 xyz",
          "org_example_test -7 xyz",
          "org_example_test +7 xyz",
          "org_example_test 07 xyz",
          "org_example_test 1000000000000000000 xyz",
          "org_example_test x xyz");

  @ParameterizedTest
  @FieldSource("CHALLENGES")
  @DisplayName("AUTH-48 a client without the cookie says ERROR and takes the next mechanism")
  void aClientWithoutTheCookie(String challenge) throws Exception {
    write("org_example_test", "7 %d %s\n".formatted(NOW, SECRET));
    assertGivesUp(challenge);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret 7 xyz",
        "../../tmp/x 7 xyz",
        "a/b 7 xyz",
        ". 7 xyz",
        "a\\b 7 xyz",
        "a.lock 7 x"
      })
  @DisplayName("SEC-30 a client takes no path for a context")
  void aClientTakesNoPath(String challenge) throws Exception {
    write("org_example_test", "7 %d %s\n".formatted(NOW, SECRET));
    write("a.lock", "7 %d %s\n".formatted(NOW, SECRET));
    Files.writeString(home.resolve("secret"), "7 %d %s\n".formatted(NOW, SECRET));
    Files.setPosixFilePermissions(
        home.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
    assertGivesUp(challenge);
  }

  @Test
  @DisplayName("AUTH-48 a client whose keyring became unsafe says ERROR")
  void aClientWhoseKeyringBecameUnsafe() throws Exception {
    write("c", "7 %d %s\n".formatted(NOW, SECRET));
    ClientMechanism.Exchange exchange = ClientMechanism.cookieSha1(keyring).start();
    assertInstanceOf(ClientMechanism.Continue.class, exchange.begin());
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertInstanceOf(ClientMechanism.GiveUp.class, exchange.answer(Payload.ofText("c 7 xyz")));
  }

  private void assertGivesUp(String challenge) {
    ClientHandshake client =
        ClientHandshake.builder()
            .mechanisms(
                List.of(ClientMechanism.cookieSha1(keyring), ClientMechanism.anonymous("t")))
            .build();
    client.takeOutput();

    assertEquals("ERROR", Talk.sayLine(client, data(challenge)));
    assertEquals("AUTH ANONYMOUS 74", Talk.sayLine(client, "REJECTED DBUS_COOKIE_SHA1 ANONYMOUS"));
  }

  @Test
  @DisplayName("the socket's group and process are kept if it is of the same user, and only then")
  void theIdentity() throws Exception {
    Credentials same = Credentials.ofSocket(UID, 5, 77);
    assertEquals(Optional.of(same), identity(same));
    assertEquals(
        Optional.of(Credentials.ofUid(UID)), identity(Credentials.ofSocket(UID + 1, 5, 77)));
  }

  private Optional<Credentials> identity(Credentials socket) throws IOException {
    ServerHandshake server = server(socket);
    Talk.sayLine(server, data(OWN + " " + digest(ask(server), OWN, SECRET)));
    Talk.sayLine(server, "BEGIN");
    return assertInstanceOf(Authenticated.class, server.status()).identity();
  }

  @Test
  @DisplayName("AUTH-11 what cannot work is not offered")
  void whatIsNotOffered() {
    assertEquals(
        "REJECTED DBUS_COOKIE_SHA1",
        Talk.sayLine(
            Peers.greeted(Peers.serverWithDefaults().socket(Credentials.UNKNOWN)), "AUTH"));
    keyring = keyring.withUser(Credentials.UNKNOWN, Optional.of("alice"));
    assertEquals("REJECTED", Talk.sayLine(server(), "AUTH"));
    assertInstanceOf(Failed.class, client().status());
    assertFalse(ServerMechanism.cookieSha1(CookieKeyring.at(Path.of("relative"))).isPossible(SELF));
  }

  @Test
  @DisplayName("the disk is not touched unless the mechanism is used")
  void theDiskIsNotTouched() {
    assertEquals(REJECTED, Talk.sayLine(server(), "AUTH"));
    assertEquals("org_example_test", keyring.context());
    assertEquals(directory, keyring.directory());
    assertFalse(Files.exists(directory));
  }

  @Test
  @DisplayName("AUTH-39 the default context is that of libdbus; one that is no name is refused")
  void theContext() {
    assertEquals("org_freedesktop_general", CookieKeyring.at(directory).context());
    assertThrows(IllegalArgumentException.class, () -> keyring.withContext("a.b"));
    assertEquals(".dbus-keyrings", CookieKeyring.ofThisUser().directory().getFileName().toString());
  }
}
