package dbus.testkit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.MemberName;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What `dbus decode` prints.
class DecodeCommandTest {

  /// A call of Ping at `/`.
  private static final String PING =
      "6c01000100000000010000001d00000001016f00010000002f00000000000000030173000400000050696e6700000000";

  /// A signal with a value of nearly every type, big-endian.
  private static final String SIGNAL =
      "4204010100000090000001020000004e01016f00000000022f610000000000000201730000000003612e6200000000"
          + "0003017300000000014300000000000000080167001879626e716975787464736f676173617b73767d287974"
          + "2976000000ff000000000000018000ffff80000000ffffffff000000008000000000000000ffffffffffffff"
          + "ffbfe00000000000000000000368c3a900000000042f612f620005617b73767d000000000d00000001780000"
          + "00000000000000000000000010000000016b0001750000000000000007010000000000000000000000000000"
          + "020428696929000000ffffffff00000003";

  private static final String XXD =
      """
      00000000: 6c01 0001 0000 0000 0100 0000 1d00 0000  l...............
      00000010: 0101 6f00 0100 0000 2f00 0000 0000 0000  ..o...../.......
      00000020: 0301 7300 0400 0000 5069 6e67 0000 0000  ..s.....Ping....
      """;

  private static final String HEXDUMP =
      """
      00000000  6c 01 00 01 00 00 00 00  01 00 00 00 1d 00 00 00  |l...............|
      00000010  01 01 6f 00 01 00 00 00  2f 00 00 00 00 00 00 00  |..o...../.......|
      00000020  03 01 73 00 04 00 00 00  50 69 6e 67 00 00 00 00  |..s.....Ping....|
      00000030
      """;

  private static final String OD =
      """
      000000 6c 01 00 01 00 00 00 00 01 00 00 00 1d 00 00 00
      000010 01 01 6f 00 01 00 00 00 2f 00 00 00 00 00 00 00
      000020 03 01 73 00 04 00 00 00 50 69 6e 67 00 00 00 00
      000030
      """;

  private static final String PING_OUTLINE =
      """
      message 1, at byte 0 of the input, 48 bytes
             0  byte order      l, LITTLE_ENDIAN
             1  type            1, METHOD_CALL
             2  flags           0x00, []
             3  version         1
             4  body length     0
             8  serial          1
            12  header length   29
            16  PATH            o  '/'
            32  MEMBER          s  'Ping'
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private int run(byte[] input, String... options) throws IOException {
    Path file = Files.write(directory.resolve("input"), input);
    return run(
        Stream.concat(Stream.of(options), Stream.of(file.toString())).toArray(String[]::new));
  }

  private int run(String... arguments) {
    CommandLine command = DBusCommand.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(
        Stream.concat(Stream.of("decode"), Stream.of(arguments)).toArray(String[]::new));
  }

  private int runHex(String hex, String... options) throws IOException {
    return run(hex.getBytes(StandardCharsets.UTF_8), options);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void aMessageOfAllTypesHasEachValueAtItsOffset() throws IOException {
    int status = runHex(SIGNAL);
    assertEquals("", err.toString());
    assertEquals(0, status);
    assertEquals(
        """
        message 1, at byte 0 of the input, 240 bytes
               0  byte order      B, BIG_ENDIAN
               1  type            4, SIGNAL
               2  flags           0x01, [NO_REPLY_EXPECTED]
               3  version         1
               4  body length     144
               8  serial          258
              12  header length   78
              16  PATH            o  '/a'
              32  INTERFACE       s  'a.b'
              48  MEMBER          s  'C'
              64  SIGNATURE       g  "ybnqiuxtdsogasa{sv}(yt)v"
              96  argument 0      y  byte 0xff
             100  argument 1      b  true
             104  argument 2      n  int16 -32768
             106  argument 3      q  uint16 65535
             108  argument 4      i  -2147483648
             112  argument 5      u  uint32 4294967295
             120  argument 6      x  int64 -9223372036854775808
             128  argument 7      t  uint64 18446744073709551615
             136  argument 8      d  -0.5
             144  argument 9      s  'hé'
             152  argument 10     o  '/a/b'
             161  argument 11     g  "a{sv}"
             168  argument 12     as  13 bytes
             172    [0]           s  'x'
             180    [1]           s  ''
             188  argument 13     a{sv}  16 bytes
             192    [0]           {sv}
             192      key         s  'k'
             198      value       v
             204        content   u  uint32 7
             208  argument 14     (yt)
             208    field 0       y  byte 0x01
             216    field 1       t  uint64 2
             224  argument 15     v
             232    content       (ii)
             232      field 0     i  -1
             236      field 1     i  3
        """,
        out.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {PING, XXD, HEXDUMP, OD, "  6c 01 00\t01\r\n\n"})
  void digitsComeInManyForms(String text) throws IOException {
    String whole = text.startsWith(" ") ? text + PING.substring(8) : text;
    assertEquals(0, runHex(whole), err::toString);
    assertEquals(PING_OUTLINE, out.toString());
  }

  @Test
  void bytesAreToldFromDigits() throws IOException {
    assertEquals(0, run(bytes(PING)));
    assertEquals(PING_OUTLINE, out.toString());
    assertEquals(2, run(bytes(PING), "--hex"));
    assertEquals(1, runHex(PING, "--raw"));
  }

  @Test
  void standardInputIsTheDefault() throws IOException {
    var before = System.in;
    try {
      for (String[] arguments : List.of(new String[0], new String[] {"-"})) {
        System.setIn(new java.io.ByteArrayInputStream(bytes(PING)));
        out.getBuffer().setLength(0);
        assertEquals(0, run(arguments));
        assertEquals(PING_OUTLINE, out.toString());
      }
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void unknownFieldsAreShownWithWhatIsInThem() throws IOException {
    // As PING, and fields 200, a struct in an array, and 10, a dictionary with a key twice.
    String fields =
        "c805612879732900 0b000000 00000000 07000000 02000000 616200 0000000000"
            + "0a05617b79797d00 0a000000 00000000 0101 000000000000 0102";
    String hex = "6c01000100000000010000005a000000" + PING.substring(32) + fields;
    assertEquals(0, runHex(hex + "000000000000"), err::toString);
    assertEquals(
        """
              48  unknown field 200  a(ys)  11 bytes
              64    [0]           (ys)
              64      field 0     y  byte 0x07
              68      field 1     s  'ab'
              80  unknown field 10  a{yy}  10 bytes
              96    [0]           {yy}
              96      key         y  byte 0x01
              97      value       y  byte 0x01
             104    [1]           {yy}
             104      key         y  byte 0x01
             105      value       y  byte 0x02
        """,
        out.toString().lines().skip(10).reduce("", (a, b) -> a + b + "\n"));
  }

  /// MSG-12: such a field is ignored, so it may name descriptors that the message does not have.
  @ParameterizedTest
  @CsvSource({"05000000, 5", "fd000000, 253", "ffffffff, -1"})
  void anUnknownFieldMayNameAnyDescriptor(String index, int shown) throws IOException {
    String hex = "6c010001000000000100000028000000" + PING.substring(32) + "c8016800";
    assertEquals(0, runHex(hex + index), err::toString);
    assertEquals(
        "      48  unknown field 200  h  handle " + shown,
        out.toString().lines().toList().getLast());
  }

  @Test
  void severalMessagesStandInARow() throws IOException {
    assertEquals(0, runHex(PING + "\n" + SIGNAL));
    List<String> headings = out.toString().lines().filter(l -> l.startsWith("message")).toList();
    assertEquals(
        List.of(
            "message 1, at byte 0 of the input, 48 bytes",
            "message 2, at byte 48 of the input, 240 bytes"),
        headings);
  }

  @Test
  void anInvalidMessageIsPointedAtAfterTheValidOnes() throws IOException {
    int status = runHex(PING + PING.substring(0, PING.length() - 2) + "01");
    assertEquals(1, status);
    assertEquals(PING_OUTLINE, out.toString());
    assertEquals(
        """
        dbus decode: message 2, at byte 48 of the input:
        padding is 0, not 1 (PADDING at byte 47 of the message)
              32  03 01 73 00 04 00 00 00 50 69 6e 67 00 00 00 01
                                                               ^
        """,
        err.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 30, 32, 94})
  void anIncompleteMessageIsInvalid(int digits) throws IOException {
    assertEquals(1, runHex(PING.substring(0, digits)));
    assertEquals("", out.toString());
    assertTrue(
        err.toString().contains("(OVERRUN at byte " + digits / 2 + " of the message)"),
        err::toString);
  }

  @Test
  void nothingIsNoMessage() throws IOException {
    assertEquals(1, run(new byte[0]));
    assertTrue(err.toString().endsWith("input: there is no message\n"), err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "6c0", // Half a byte.
        "6c 0x01", // No digit.
        "6c01\n-- cut --\n01",
        "00000000: 6c01\n00000010: 0001\n", // Lines are missing.
        "0000000 016c 0100\n", // Words, whose bytes stand in an order of their own.
      })
  void whatIsNoHexIsStatusTwo(String text) throws IOException {
    assertEquals(2, runHex(text));
    assertEquals("", out.toString());
    assertTrue(err.toString().contains("input: line "), err::toString);
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void wrongArgumentsAreStatusTwo() throws IOException {
    assertEquals(2, run(directory.resolve("none").toString()));
    assertTrue(err.toString().endsWith("none: there is no such file\n"), err::toString);
    assertEquals(2, run(directory.toString()));
    assertEquals(2, runHex(PING, "--hex", "--raw"));
    assertEquals(2, runHex(PING, "--limit=-1"));
    assertEquals(2, runHex(PING, "--nonsense"));
    assertEquals("", out.toString());
  }

  @Test
  void theOutputIsBoundedAndTheVerdictIsOnAll() throws IOException {
    MethodCall call =
        MethodCall.of(ObjectPath.ROOT, new MemberName("M"))
            .withBody(
                Body.of(
                    Codec.listOf(Codec.listOf(Codec.INT32)), List.of(List.of(1, 2), List.of(3))));
    byte[] bytes = MessageEncoder.encode(call, 1, ByteOrder.LITTLE_ENDIAN);
    int all = 17;
    for (int limit = 0; limit <= all; limit++) {
      out.getBuffer().setLength(0);
      assertEquals(0, run(bytes, "--limit=" + limit), err::toString);
      List<String> lines = out.toString().lines().toList();
      assertEquals(limit < all ? limit + 1 : all, lines.size(), out::toString);
      assertEquals(
          limit < all,
          lines.getLast().equals("… " + limit + " lines are shown, --limit shows more"));
    }
    String twice = HexFormat.of().formatHex(bytes) + "6c";
    assertEquals(1, runHex(twice, "--limit=3"));
  }

  @Test
  void hostileTextIsEscapedAndCut() throws IOException {
    String text = "\u001b[2J\u202e\u2028\u0085" + "\uD83D\uDE00".repeat(100_000);
    MethodCall call =
        MethodCall.of(new ObjectPath("/" + "a".repeat(100_000)), new MemberName("M"))
            .withBody(Body.of(new Value.Str(text), Value.Array.ofBytes(new byte[100_000])));
    assertEquals(0, run(MessageEncoder.encode(call, 1, ByteOrder.BIG_ENDIAN)));
    String shown = out.toString();
    assertTrue(shown.length() < 4000, () -> shown.length() + " characters");
    assertTrue(shown.contains("s  '\\u001b[2J\\u202e\\u2028\\u0085"), shown);
    assertTrue(shown.contains("'… (400012 bytes)"), shown);
    assertTrue(shown.contains("… (100001 bytes)"), shown);
    assertFalse(shown.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE));
    assertFalse(shown.replace("\n", "").chars().anyMatch(Character::isISOControl), shown);
  }

  @Test
  void theHelpTellsAllOptionsAndStatuses() {
    assertEquals(0, run("--help"));
    for (String word :
        List.of("FILE", "--hex", "--raw", "--limit", "1000", "Exit status", "0 ", "1 ", "2 ")) {
      assertTrue(out.toString().contains(word), () -> word + " in " + out);
    }
  }
}
