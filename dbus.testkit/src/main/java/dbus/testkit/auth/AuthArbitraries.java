package dbus.testkit.auth;

import dbus.address.Guid;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of what the two sides of a handshake say to each other. Lines come without CR LF, as
/// text of which each character is one byte.
public final class AuthArbitraries {
  private static final List<String> MECHANISMS =
      List.of("EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS", "KERBEROS_V4", "external");
  private static final List<String> WORDS =
      List.of(
          "AUTH",
          "DATA",
          "CANCEL",
          "ERROR",
          "BEGIN",
          "NEGOTIATE_UNIX_FD",
          "OK",
          "REJECTED",
          "AGREE_UNIX_FD",
          "EXTENSION_COM_EXAMPLE",
          "STARTTLS",
          "auth",
          "");

  private AuthArbitraries() {}

  /// What a client says: mostly commands that a server knows, in any order, with users, traces and
  /// digests that are right or wrong by chance; some that only a server says; some that nobody
  /// says.
  ///
  /// @param users what may be claimed, such as `1000`
  public static Arbitrary<String> clientLines(List<String> users) {
    return Arbitraries.frequencyOf(
        Tuple.of(6, auths(users)),
        Tuple.of(4, datas(users)),
        Tuple.of(2, Arbitraries.of("CANCEL", "ERROR", "ERROR \"what?\"")),
        Tuple.of(2, Arbitraries.just("NEGOTIATE_UNIX_FD")),
        Tuple.of(2, Arbitraries.just("BEGIN")),
        Tuple.of(2, oddLines()));
  }

  /// What a client says that claims to be root or somebody.
  public static Arbitrary<String> clientLines() {
    return clientLines(List.of("0", "1000"));
  }

  /// What a server says, in any order; some lines that only a client says; some that nobody says.
  public static Arbitrary<String> serverLines() {
    Arbitrary<String> guid =
        Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
            .as((high, low) -> new Guid(high, low).toString());
    return Arbitraries.frequencyOf(
        Tuple.of(3, guid.map(it -> "OK " + it)),
        Tuple.of(1, guid.map(it -> "OK " + it.substring(1))),
        Tuple.of(
            4,
            Arbitraries.of(MECHANISMS)
                .list()
                .ofMaxSize(4)
                .map(it -> it.isEmpty() ? "REJECTED" : "REJECTED " + String.join(" ", it))),
        Tuple.of(3, datas(List.of("org_example 1 abc"))),
        Tuple.of(2, Arbitraries.of("ERROR", "ERROR \"no\"")),
        Tuple.of(2, Arbitraries.just("AGREE_UNIX_FD")),
        Tuple.of(2, oddLines()));
  }

  /// Any bytes, with many NULs, line ends and words of the protocol among them.
  public static Arbitrary<byte[]> noise() {
    return Arbitraries.frequencyOf(
            Tuple.of(
                4,
                Arbitraries.bytes().array(byte[].class).ofMaxSize(20).map(AuthArbitraries::text)),
            Tuple.of(2, Arbitraries.of("\0", "\r\n", "\r", "\n", " ")),
            Tuple.of(2, Arbitraries.of(WORDS)),
            Tuple.of(1, Arbitraries.of(MECHANISMS)))
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts).getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Ways to cut bytes up, from all at once to one by one.
  public static Arbitrary<Splitting> splittings() {
    // Not a list: jqwik shrinks two lists together, and takes the elements of one for the other's.
    Arbitrary<Integer> sizes = Arbitraries.integers().between(0, 40);
    return Combinators.combine(sizes, sizes, sizes)
        .as((a, b, c) -> new Splitting(Stream.of(a, b, c).filter(size -> size > 0).toList()));
  }

  /// The hex digits of a text.
  public static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Arbitrary<String> auths(List<String> users) {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.just("AUTH")),
        Tuple.of(3, Arbitraries.of(MECHANISMS).map(it -> "AUTH " + it)),
        Tuple.of(
            6,
            Combinators.combine(Arbitraries.of(MECHANISMS), arguments(users))
                .as((mechanism, argument) -> "AUTH " + mechanism + " " + argument)));
  }

  private static Arbitrary<String> datas(List<String> texts) {
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.just("DATA")),
        Tuple.of(5, arguments(texts).map(it -> "DATA " + it)));
  }

  /// Hex digits that mean something, that mean nothing, and that are none.
  private static Arbitrary<String> arguments(List<String> texts) {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.of(texts).map(AuthArbitraries::hex)),
        Tuple.of(1, Arbitraries.of(texts).map(it -> hex(it).toUpperCase(Locale.ROOT))),
        Tuple.of(1, Arbitraries.of(texts).map(it -> hex(" " + it))),
        Tuple.of(
            1, Arbitraries.bytes().array(byte[].class).ofMaxSize(8).map(HexFormat.of()::formatHex)),
        Tuple.of(1, Arbitraries.of("", "3", "3x", "30 30", " 30", "\u00e4")));
  }

  private static Arbitrary<String> oddLines() {
    return Arbitraries.oneOf(
        Combinators.combine(Arbitraries.of(WORDS), Arbitraries.of("", " ", "  ", "\t", " x", "\0"))
            .as((word, rest) -> word + rest),
        Arbitraries.strings()
            .withCharRange((char) 0, (char) 0xff)
            .excludeChars('\n')
            .ofMaxLength(12));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
