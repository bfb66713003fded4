package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.auth.Command.AgreeUnixFd;
import dbus.auth.Command.Auth;
import dbus.auth.Command.Begin;
import dbus.auth.Command.Cancel;
import dbus.auth.Command.Data;
import dbus.auth.Command.Malformed;
import dbus.auth.Command.NegotiateUnixFd;
import dbus.auth.Command.Ok;
import dbus.auth.Command.Rejected;
import dbus.auth.Command.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandTest {
  private static final Payload UID = Payload.ofText("1000");

  private static Command parse(String line) {
    return Command.parse(line.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Auth auth(String mechanism) {
    return new Auth(Optional.of(mechanism), Optional.empty());
  }

  /// Each command, and the one way in which this library writes it.
  static Stream<Arguments> written() {
    return Stream.of(
        Arguments.of("AUTH", new Auth(Optional.empty(), Optional.empty())),
        Arguments.of("AUTH EXTERNAL", auth("EXTERNAL")),
        Arguments.of("AUTH EXTERNAL 31303030", new Auth(Optional.of("EXTERNAL"), Optional.of(UID))),
        Arguments.of("DATA", new Data(Payload.EMPTY)),
        Arguments.of("DATA 31303030", new Data(UID)),
        Arguments.of("DATA 00ff", new Data(Payload.of(new byte[] {0, (byte) 0xff}))),
        Arguments.of("CANCEL", new Cancel()),
        Arguments.of("BEGIN", new Begin()),
        Arguments.of("NEGOTIATE_UNIX_FD", new NegotiateUnixFd()),
        Arguments.of("AGREE_UNIX_FD", new AgreeUnixFd()),
        Arguments.of("ERROR", Command.Error.bare()),
        Arguments.of("ERROR \"two  words\"", Command.Error.of("two  words")),
        Arguments.of("OK 0123456789abcdef0123456789abcdef", new Ok(Peers.GUID)),
        Arguments.of("REJECTED", new Rejected(List.of())),
        Arguments.of("REJECTED EXTERNAL ANONYMOUS", new Rejected(List.of("EXTERNAL", "ANONYMOUS"))),
        Arguments.of(
            "EXTENSION_COM_EXAMPLE", new Unknown("EXTENSION_COM_EXAMPLE", Optional.empty())),
        Arguments.of("STARTTLS  a b ", new Unknown("STARTTLS", Optional.of(" a b "))),
        Arguments.of("X2_Y", new Unknown("X2_Y", Optional.empty())),
        Arguments.of("AZ09", new Unknown("AZ09", Optional.empty())),
        Arguments.of("ZA  ~", new Unknown("ZA", Optional.of(" ~"))),
        Arguments.of("ERROR ~ ", new Command.Error(Optional.of("~ "))));
  }

  @ParameterizedTest
  @MethodSource("written")
  @DisplayName("AUTH-04, AUTH-07, AUTH-17 each command is read from the line that it is written as")
  void eachCommandIsReadFromTheLineThatItIsWrittenAs(String line, Command command) {
    assertEquals(command, parse(line));
    assertArrayEquals((line + "\r\n").getBytes(StandardCharsets.US_ASCII), command.encode());
  }

  /// Other spellings that are read, but never written.
  static Stream<Arguments> alsoRead() {
    return Stream.of(
        Arguments.of("AUTH ", new Auth(Optional.empty(), Optional.empty())),
        Arguments.of("AUTH ANONYMOUS ", auth("ANONYMOUS")),
        Arguments.of("DATA ", new Data(Payload.EMPTY)),
        Arguments.of("DATA 6aBcDEf0", parse("DATA 6abcdef0")),
        Arguments.of("ERROR ", Command.Error.bare()),
        Arguments.of("REJECTED ", new Rejected(List.of())),
        Arguments.of("OK 0123456789ABCDEF0123456789abcdef", new Ok(Peers.GUID)));
  }

  @ParameterizedTest
  @MethodSource("alsoRead")
  @DisplayName(
      "AUTH-05, AUTH-08 a space at the end is an empty argument; hex is read in either case")
  void otherSpellingsAreRead(String line, Command command) {
    assertEquals(command, parse(line));
  }

  static final List<String> MALFORMED =
      List.of(
          "",
          " ",
          " AUTH",
          "auth",
          "Auth EXTERNAL",
          "_AUTH",
          "2AUTH",
          "AUTH-X",
          "AUTH\tEXTERNAL",
          "AUTH  EXTERNAL",
          "AUTH EXTERNAL  31",
          "AUTH EXTERNAL 31 ",
          "AUTH EXTERNAL 31 31",
          "AUTH EXTERNAL 3",
          "AUTH EXTERNAL 313",
          "AUTH EXTERNAL 3g",
          "AUTH EXTERNAL 0x31",
          "AUTH EXTERNAL +1",
          "DATA  ",
          "DATA 3",
          "DATA 31 31",
          "DATA 31 ",
          "DATA zz",
          "BEGIN ",
          "BEGIN now",
          "CANCEL ",
          "NEGOTIATE_UNIX_FD ",
          "NEGOTIATE_UNIX_FD 1",
          "AGREE_UNIX_FD ",
          "OK",
          "OK ",
          "OK 0123456789abcdef0123456789abcde",
          "OK 0123456789abcdef0123456789abcdef0",
          "OK 0123456789abcdef0123456789abcdef ",
          "OK  0123456789abcdef0123456789abcdef",
          "OK 01234567-89ab-cdef-0123-456789abcdef",
          "OK 0123456789abcdef0123456789abcdeg",
          "REJECTED  EXTERNAL",
          "REJECTED EXTERNAL  ANONYMOUS",
          "REJECTED EXTERNAL ",
          "AUTH\0",
          "BEGIN\0",
          "BEGIN\n",
          "BEGIN\r",
          "AUTH\nBEGIN",
          "\u007f",
          "AUTH EXTERN\u00c4L",
          "ERROR \u00e4",
          "\u0080",
          "\u00ff");

  @ParameterizedTest
  @FieldSource("MALFORMED")
  @DisplayName("AUTH-02, AUTH-03, AUTH-04, AUTH-05, AUTH-08, AUTH-20, SEC-17 all else is malformed")
  void allElseIsMalformed(String line) {
    assertInstanceOf(Malformed.class, parse(line));
  }

  @Test
  @DisplayName("AUTH-61 a malformed OK is still known to be an OK")
  void aMalformedLineTellsItsCommand() {
    assertEquals("OK", assertInstanceOf(Malformed.class, parse("OK 12")).name());
  }

  @Test
  void aMalformedLineIsNeverSent() {
    assertThrows(IllegalStateException.class, () -> parse("begin").encode());
  }

  @Test
  @DisplayName("SEC-37 what a mechanism sent is not in the text of a command")
  void payloadsAreMasked() {
    assertEquals("AUTH EXTERNAL (4 bytes)", parse("AUTH EXTERNAL 31303030").toString());
    assertEquals("DATA (4 bytes)", parse("DATA 31303030").toString());
    assertEquals("STARTTLS (8 characters)", parse("STARTTLS 31303030").toString());
    assertFalse(parse("DATA 31303030 ").toString().contains("31"));
  }

  @Test
  @DisplayName("SEC-37 a malformed line says what is wrong, and nothing of what it held")
  void aMalformedLineSaysWhatIsWrong() {
    assertEquals(
        "malformed DATA: argument is not pairs of hex digits", parse("DATA 3130z").toString());
    assertEquals("malformed line: byte outside printable ASCII", parse("DATA 31\0").toString());
    assertEquals("malformed line: empty line", parse("").toString());
  }

  @Test
  void commandsThatCouldNotBeWrittenDoNotExist() {
    Optional<Payload> some = Optional.of(UID);
    Optional<Payload> empty = Optional.of(Payload.EMPTY);
    Optional<String> name = Optional.of("EXTERNAL");
    List.<Runnable>of(
            () -> new Auth(Optional.empty(), some),
            () -> new Auth(name, empty),
            () -> auth("EXT ERNAL"),
            () -> auth(""),
            () -> auth("EXTERNAL\r\nBEGIN"),
            () -> new Rejected(List.of("")),
            () -> new Rejected(List.of("A B")),
            () -> new Command.Error(Optional.of("")),
            () -> new Command.Error(Optional.of("a\r\nOK")),
            () -> new Unknown("BEGIN", Optional.empty()),
            () -> new Unknown("begin", Optional.empty()),
            () -> new Unknown("FOO", Optional.of("\n")))
        .forEach(bad -> assertThrows(IllegalArgumentException.class, bad::run));
  }
}
