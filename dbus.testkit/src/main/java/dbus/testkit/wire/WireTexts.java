package dbus.testkit.wire;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of texts that are signatures or names, or nearly so. They shrink to fewer and shorter
/// parts.
public final class WireTexts {
  private WireTexts() {}

  /// Texts of which some are signatures and most are nearly so, of up to 300 bytes.
  public static Arbitrary<String> signatures() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "y", "b", "s", "v", "i", "h", "a", "a", "(", "(", ")", ")", "a{", "{", "}", "}",
            "a{sv}", "(ii)", "()", "r", "e", "m", "*", "\0", " ", "ÿ");
    Arbitrary<String> joined = pieces.list().ofMaxSize(8).map(each -> String.join("", each));
    return Arbitraries.frequencyOf(
            Tuple.of(3, TypeArbitraries.signatures().map(Object::toString)),
            Tuple.of(3, damaged(TypeArbitraries.signatures().map(Object::toString), pieces)),
            Tuple.of(3, joined),
            Tuple.of(1, repeated()))
        .withoutEdgeCases();
  }

  /// Texts of which some are object paths, interface names, member names, or bus names, and most
  /// are nearly so, of up to 300 bytes.
  public static Arbitrary<String> names() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "a",
            "b9",
            "_",
            "9",
            "-",
            ".",
            ".",
            "..",
            "/",
            "/",
            "//",
            ":",
            ":1",
            " ",
            "é",
            "\0",
            "$",
            "org.freedesktop.DBus.Local",
            "/org/freedesktop/DBus/Local",
            "com.example");
    Arbitrary<String> joined = pieces.list().ofMaxSize(6).map(each -> String.join("", each));
    Arbitrary<String> valid =
        Arbitraries.oneOf(
            NameArbitraries.objectPaths().map(Object::toString),
            NameArbitraries.interfaceNames().map(Object::toString),
            NameArbitraries.memberNames().map(Object::toString),
            NameArbitraries.busNames().map(Object::toString));
    Arbitrary<String> longest =
        Combinators.combine(
                Arbitraries.of("", "a.", ":1.", "/"), Arbitraries.integers().between(250, 300))
            .as((begin, length) -> begin + "b".repeat(length - begin.length()));
    return Arbitraries.frequencyOf(
            Tuple.of(2, valid),
            Tuple.of(3, damaged(valid, pieces)),
            Tuple.of(3, joined),
            Tuple.of(1, longest))
        .withoutEdgeCases();
  }

  /// As many brackets or types as there may be, and some more.
  private static Arbitrary<String> repeated() {
    Arbitrary<String> units = Arbitraries.of("a", "(", "a(", "a{s", "(a", "y", "ai");
    return Combinators.combine(units, Arbitraries.integers().between(30, 34))
        .as((unit, count) -> {
          StringBuilder text = new StringBuilder(unit.repeat(count)).append('y');
          for (char c : new StringBuilder(unit.repeat(count)).reverse().toString().toCharArray()) {
            switch (c) {
              case '(' -> text.append(')');
              case '{' -> text.append('}');
              default -> {}
            }
          }
          return text.toString();
        });
  }

  /// Texts with one character taken out, or one piece put in, or both.
  private static Arbitrary<String> damaged(Arbitrary<String> texts, Arbitrary<String> pieces) {
    return Combinators.combine(
            texts, Arbitraries.doubles().between(0, true, 1, false), Arbitraries.of(0, 1), pieces)
        .as((text, where, taken, put) -> {
          int at = (int) (where * text.length());
          return text.substring(0, at) + put + text.substring(Math.min(at + taken, text.length()));
        });
  }
}
