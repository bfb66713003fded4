package dbus.auth;

import static dbus.auth.Talk.hex;
import static dbus.auth.Talk.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What known clients say to a server, and what they must hear.
class ServerTranscriptsTest {
  private static final String EXTERNAL_1000 = "AUTH EXTERNAL " + hex("1000");
  private static final String REJECTED = "REJECTED EXTERNAL STEPS ANONYMOUS";
  private static final String FDS = "NEGOTIATE_UNIX_FD";
  private static final String AGREE = "AGREE_UNIX_FD";

  /// The first byte of a message, and more; nothing of it may be read.
  private static final String MESSAGE = "l\1\0\1BEGIN\r\n";

  /// One client.
  ///
  /// @param id who, and the line of the conformance list
  /// @param said all that the client sends before its first message
  /// @param answered all that the server sends
  /// @param mechanism the mechanism that succeeds
  /// @param unixFds whether descriptors are agreed
  /// @param trace what an anonymous client says about itself
  record Transcript(
      String id,
      String said,
      String answered,
      String mechanism,
      boolean unixFds,
      Optional<String> trace) {
    @Override
    public String toString() {
      return id;
    }
  }

  private static Transcript external(String id, boolean unixFds, String said, String answered) {
    return new Transcript(id, said, answered, "EXTERNAL", unixFds, Optional.empty());
  }

  private static Transcript anonymous(
      String id, boolean unixFds, String trace, String said, String answered) {
    return new Transcript(
        id,
        said,
        answered,
        "ANONYMOUS",
        unixFds,
        Optional.of(trace).filter(text -> !text.isEmpty()));
  }

  static Stream<Transcript> successes() {
    return Stream.of(
        external(
            "PEER-01 libdbus, PEER-20 Qt, PEER-10 zbus, PEER-16 dbus-next, PEER-18 jeepney",
            true,
            "\0" + lines(EXTERNAL_1000, FDS, "BEGIN"),
            lines(Peers.OK, AGREE)),
        external(
            "PEER-18 jeepney without descriptors, PEER-19 Tmds.DBus",
            false,
            "\0" + lines(EXTERNAL_1000, "BEGIN"),
            lines(Peers.OK)),
        external(
            "PEER-03 GDBus, PEER-14 dbus-java with descriptors",
            true,
            "\0" + lines("AUTH", EXTERNAL_1000, FDS, "BEGIN"),
            lines(REJECTED, Peers.OK, AGREE)),
        external(
            "PEER-04 GDBus across user namespaces",
            true,
            "\0" + lines("AUTH", "AUTH EXTERNAL", "DATA", FDS, "BEGIN"),
            lines(REJECTED, "DATA", Peers.OK, AGREE)),
        external(
            "PEER-07, AUTH-13 sd-bus",
            true,
            "\0" + lines("AUTH EXTERNAL", "DATA", FDS, "BEGIN"),
            lines("DATA", Peers.OK, AGREE)),
        anonymous(
            "PEER-07 sd-bus, anonymous",
            true,
            "sd-bus",
            "\0" + lines("AUTH ANONYMOUS " + hex("sd-bus"), FDS, "BEGIN"),
            lines(Peers.OK, AGREE)),
        external(
            "PEER-12 godbus",
            true,
            "\0" + lines("AUTH", "AUTH EXTERNAL", "DATA", FDS, "BEGIN"),
            lines(REJECTED, "DATA", Peers.OK, AGREE)),
        external(
            "PEER-14 dbus-java",
            false,
            "\0" + lines("AUTH", EXTERNAL_1000, "BEGIN"),
            lines(REJECTED, Peers.OK)),
        anonymous(
            "PEER-16 dbus-next, anonymous after a rejection",
            false,
            "",
            "\0" + lines("AUTH EXTERNAL 30", "AUTH ANONYMOUS ", "BEGIN"),
            lines(REJECTED, Peers.OK)),
        external(
            "PEER-17 dbus-fast without identity",
            true,
            "\0" + lines("AUTH EXTERNAL", "DATA", FDS, "BEGIN"),
            lines("DATA", Peers.OK, AGREE)),
        anonymous(
            "PEER-17 dbus-fast, PEER-19 Tmds.DBus, anonymous",
            false,
            "",
            "\0" + lines("AUTH ANONYMOUS", "BEGIN"),
            lines(Peers.OK)),
        anonymous(
            "PEER-18 jeepney, anonymous",
            false,
            "jeepney 0.8",
            "\0" + lines("AUTH ANONYMOUS " + hex("jeepney 0.8"), "BEGIN"),
            lines(Peers.OK)),
        external(
            "a user who corrects itself",
            true,
            "\0"
                + lines(
                    "FOO",
                    "AUTH EXTERNAL 3",
                    "AUTH STEPS",
                    "CANCEL",
                    EXTERNAL_1000,
                    FDS,
                    FDS,
                    "BEGIN"),
            lines(
                "ERROR \"Unknown command\"",
                "ERROR \"Malformed: initial response is not pairs of hex digits\"",
                "DATA",
                REJECTED,
                Peers.OK,
                AGREE,
                AGREE)),
        external(
            "AUTH-18 an identity given back and taken again, without the descriptors agreed before",
            false,
            "\0" + lines(EXTERNAL_1000, FDS, "CANCEL", EXTERNAL_1000, "BEGIN"),
            lines(Peers.OK, AGREE, REJECTED, Peers.OK)),
        external(
            "AUTH-19 AUTH while another one is in progress, and after OK, changes nothing",
            false,
            "\0"
                + lines(
                    "AUTH EXTERNAL",
                    "AUTH ANONYMOUS",
                    "AUTH",
                    "DATA",
                    "AUTH ANONYMOUS " + hex("me"),
                    "AUTH EXTERNAL " + hex("0"),
                    "BEGIN"),
            lines(
                "DATA",
                "ERROR \"Another AUTH is in progress\"",
                "ERROR \"Another AUTH is in progress\"",
                Peers.OK,
                "ERROR \"Already authenticated, expecting BEGIN\"",
                "ERROR \"Already authenticated, expecting BEGIN\"")),
        new Transcript(
            "a mechanism of two rounds",
            "\0" + lines("AUTH STEPS " + hex("one"), "DATA " + hex("two"), "BEGIN"),
            lines("DATA " + hex("then?"), Peers.OK),
            "STEPS",
            false,
            Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("successes")
  @DisplayName(
      "AUTH-12, AUTH-13, AUTH-14 a client hears the same and gets in, however its bytes are cut")
  void aClientGetsInHoweverItsBytesAreCut(Transcript transcript) {
    Authenticated expected =
        new Authenticated(
            transcript.mechanism(),
            transcript.mechanism().equals("ANONYMOUS")
                ? Optional.empty()
                : Optional.of(Peers.USER_1000),
            Peers.GUID,
            transcript.unixFds(),
            transcript.trace());

    for (List<String> pieces : Talk.splits(transcript.said())) {
      ServerHandshake handshake = Peers.serverOfAll().build();
      StringBuilder answered = new StringBuilder();
      for (String piece : pieces) {
        answered.append(Talk.say(handshake, piece));
      }
      assertEquals(transcript.answered(), answered.toString(), () -> "pieces: " + pieces);
      assertEquals(expected, handshake.status(), () -> "pieces: " + pieces);
    }
  }

  @ParameterizedTest
  @MethodSource("successes")
  @DisplayName("AUTH-12 what follows BEGIN is left in the buffer, even in the same read")
  void whatFollowsBeginIsLeftInTheBuffer(Transcript transcript) {
    ServerHandshake handshake = Peers.serverOfAll().build();
    ByteBuffer in = Talk.bytes(transcript.said() + MESSAGE);

    assertInstanceOf(Authenticated.class, handshake.receive(in));

    assertEquals(transcript.answered(), Talk.text(handshake.takeOutput()));
    assertEquals(MESSAGE, Talk.text(in));
    in.rewind();
    assertInstanceOf(Authenticated.class, handshake.receive(in));
    assertEquals(0, in.position(), "a finished handshake takes nothing");
  }

  /// What does not lead to a connection.
  ///
  /// @param id what is there
  /// @param said all that it sends
  /// @param answered all that the server sends
  /// @param reason how it ends
  record Refusal(String id, String said, String answered, FailureReason reason) {
    @Override
    public String toString() {
      return id;
    }
  }

  static Stream<Refusal> refusals() {
    return Stream.of(
        new Refusal("PEER-22 HTTP", "GET / HTTP/1.1\r\n\r\n", "", FailureReason.NOT_DBUS),
        new Refusal("PEER-22 TLS", "\u0016\3\1\2\0\1", "", FailureReason.NOT_DBUS),
        new Refusal("AUTH-01 no NUL", lines(EXTERNAL_1000, "BEGIN"), "", FailureReason.NOT_DBUS),
        new Refusal("AUTH-21 BEGIN at once", "\0BEGIN\r\nx", "", FailureReason.BEGIN_BEFORE_OK),
        new Refusal(
            "AUTH-18 BEGIN after CANCEL",
            "\0" + lines(EXTERNAL_1000, "CANCEL", "BEGIN"),
            lines(Peers.OK, REJECTED),
            FailureReason.BEGIN_BEFORE_OK),
        new Refusal(
            "sd-bus as another user",
            "\0" + lines("AUTH EXTERNAL " + hex("0"), FDS, "BEGIN"),
            lines(REJECTED, "ERROR \"Not expected before OK\""),
            FailureReason.BEGIN_BEFORE_OK),
        new Refusal(
            "AUTH-37, PEER-12 cookie without a user, which is not offered",
            "\0" + lines("AUTH DBUS_COOKIE_SHA1", "BEGIN"),
            lines(REJECTED),
            FailureReason.BEGIN_BEFORE_OK),
        new Refusal(
            "AUTH-22 a client that asks for the list for ever",
            "\0" + "AUTH\r\n".repeat(7),
            (REJECTED + "\r\n").repeat(6),
            FailureReason.TOO_MANY_REJECTIONS));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  @DisplayName("AUTH-14, PEER-22 a refusal is the same, however the bytes are cut")
  void aRefusalIsTheSameHoweverTheBytesAreCut(Refusal refusal) {
    for (List<String> pieces : Talk.splits(refusal.said())) {
      ServerHandshake handshake = Peers.serverOfAll().build();
      StringBuilder answered = new StringBuilder();
      for (String piece : pieces) {
        answered.append(Talk.say(handshake, piece));
      }
      assertEquals(refusal.answered(), answered.toString(), () -> "pieces: " + pieces);
      assertEquals(refusal.reason(), assertInstanceOf(Failed.class, handshake.status()).reason());
    }
  }
}
