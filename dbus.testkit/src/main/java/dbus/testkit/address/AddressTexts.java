package dbus.testkit.address;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of texts that are addresses or nearly so.
///
/// A text is made of the parts that an address is made of, each sometimes wrong, rather than of
/// random characters: most texts come close to the edge between valid and invalid, on either side.
/// They shrink to fewer and shorter parts.
public final class AddressTexts {
  private AddressTexts() {}

  /// Texts that are a list of addresses, spelt in any of the ways that a reader must understand:
  /// needless escapes, digits in either case, keys in any order, a `;` at the end.
  public static Arbitrary<String> valid() {
    Arbitrary<String> list =
        Combinators.combine(AddressArbitraries.lists(), Arbitraries.of("", ";"))
            .as((addresses, end) -> addresses + end);
    return Combinators.combine(list, Arbitraries.randoms()).as(Spelling::vary);
  }

  /// Texts of which some are lists of addresses and most are nearly so.
  public static Arbitrary<String> nearlyValid() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, assembled()),
        Tuple.of(3, damaged()),
        Tuple.of(1, Arbitraries.strings().ofMaxLength(12)));
  }

  /// Texts put together from plausible parts.
  private static Arbitrary<String> assembled() {
    Arbitrary<String> colon = mostly(":", "", "::", ";");
    Arbitrary<String> pairs =
        Combinators.combine(pair().list().ofMaxSize(3), mostly(",", ",,", "", " ,"))
            .as((each, comma) -> String.join(comma, each));
    Arbitrary<String> address =
        Combinators.combine(transport(), colon, pairs).as((t, c, p) -> t + c + p);
    return Combinators.combine(
            address.list().ofMinSize(1).ofMaxSize(3), mostly(";", ";;", ""), mostly("", ";", ","))
        .as((each, semicolon, end) -> String.join(semicolon, each) + end);
  }

  private static Arbitrary<String> transport() {
    return Arbitraries.of(
        "unix",
        "unix",
        "unix",
        "tcp",
        "tcp",
        "nonce-tcp",
        "unixexec",
        "systemd",
        "launchd",
        "autolaunch",
        "foo",
        "",
        "UNIX",
        "a b",
        "%61",
        "é");
  }

  private static Arbitrary<String> pair() {
    Arbitrary<String> keys =
        Arbitraries.of(
            "path",
            "path",
            "abstract",
            "dir",
            "tmpdir",
            "runtime",
            "host",
            "bind",
            "port",
            "port",
            "family",
            "noncefile",
            "argv0",
            "argv1",
            "argv2",
            "argv3",
            "env",
            "scope",
            "guid",
            "guid",
            "foo",
            "",
            "Path",
            "a b",
            "%61");
    return Combinators.combine(keys, mostly("=", "", "=="), value()).as((k, e, v) -> k + e + v);
  }

  private static Arbitrary<String> value() {
    Arbitrary<String> plausible =
        Arbitraries.of(
            "/tmp/x",
            "a",
            "yes",
            "no",
            "localhost",
            "127.0.0.1",
            "0",
            "1",
            "65535",
            "65536",
            "-1",
            "+1",
            "42x",
            "00080",
            "ipv4",
            "ipv6",
            "ipv5",
            "",
            "*",
            "%2a",
            "%2A",
            "0123456789abcdef0123456789abcdef",
            "0123456789ABCDEF0123456789ABCDEF",
            "0123456789abcdef0123456789abcde",
            "x".repeat(107),
            "x".repeat(108));
    Arbitrary<String> pieces =
        Arbitraries.of(
            "a",
            "/",
            "%20",
            "%C3%B6",
            "%c3%b6",
            "%ff",
            "%00",
            "%",
            "%a",
            "%zz",
            "%%",
            " ",
            "ö",
            "~",
            "$",
            ":",
            "\\",
            "*",
            "\n",
            "\uD83D\uDE8C",
            "\uD83D");
    Arbitrary<String> joined = pieces.list().ofMaxSize(4).map(each -> String.join("", each));
    return Arbitraries.frequencyOf(Tuple.of(3, plausible), Tuple.of(2, joined));
  }

  /// Valid texts with one character taken out, put in, or replaced.
  private static Arbitrary<String> damaged() {
    Arbitrary<String> damage =
        Arbitraries.of("", ":", ";", ",", "=", "%", "%0", " ", "\0", "ÿ", "€");
    return Combinators.combine(
            AddressArbitraries.lists(),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.of(0, 1),
            damage)
        .as((list, where, taken, put) -> {
          String text = list.toString();
          int at = (int) (where * (text.length() - 1));
          return text.substring(0, at) + put + text.substring(at + taken);
        });
  }

  private static Arbitrary<String> mostly(String usual, String... others) {
    return Arbitraries.frequencyOf(
        Tuple.of(12, Arbitraries.just(usual)), Tuple.of(1, Arbitraries.of(List.of(others))));
  }
}
