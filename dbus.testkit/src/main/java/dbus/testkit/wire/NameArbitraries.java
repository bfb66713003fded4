package dbus.testkit.wire;

import dbus.wire.BusName;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of valid names and paths, now and then of the greatest length. They shrink to fewer
/// and shorter elements of the letter `a`. The path and the interface that are reserved for local
/// messages do not come up.
public final class NameArbitraries {
  private static final int MAX_LENGTH = 255;

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  private static final String DIGITS = "0123456789";

  private static final Arbitrary<ObjectPath> OBJECT_PATHS =
      Known.of(
          elements(LETTERS + DIGITS, LETTERS + DIGITS)
              .list()
              .ofMaxSize(5)
              .map(elements -> "/" + String.join("/", elements))
              .filter(path -> !path.equals(ObjectPath.LOCAL.value()))
              .map(ObjectPath::new));
  private static final Arbitrary<InterfaceName> INTERFACE_NAMES =
      Known.of(
          dotted(LETTERS, LETTERS + DIGITS)
              .filter(name -> !name.equals(InterfaceName.LOCAL.value()))
              .map(InterfaceName::new));
  private static final Arbitrary<ErrorName> ERROR_NAMES =
      Known.of(dotted(LETTERS, LETTERS + DIGITS).map(ErrorName::new));
  private static final Arbitrary<MemberName> MEMBER_NAMES =
      Known.of(sometimesLongest(elements(LETTERS, LETTERS + DIGITS)).map(MemberName::new));
  private static final Arbitrary<BusName> BUS_NAMES =
      Known.of(
          Arbitraries.oneOf(
                  dotted(LETTERS + "-", LETTERS + DIGITS + "-"),
                  dotted(LETTERS + DIGITS + "-", LETTERS + DIGITS + "-")
                      .map(name -> cut(":" + name)))
              .map(BusName::new));

  private NameArbitraries() {}

  /// Any object path of up to five elements.
  public static Arbitrary<ObjectPath> objectPaths() {
    return OBJECT_PATHS;
  }

  /// Any interface name.
  public static Arbitrary<InterfaceName> interfaceNames() {
    return INTERFACE_NAMES;
  }

  /// Any error name.
  public static Arbitrary<ErrorName> errorNames() {
    return ERROR_NAMES;
  }

  /// Any member name.
  public static Arbitrary<MemberName> memberNames() {
    return MEMBER_NAMES;
  }

  /// Any bus name, unique or well-known.
  public static Arbitrary<BusName> busNames() {
    return BUS_NAMES;
  }

  /// Two to four elements joined by dots.
  private static Arbitrary<String> dotted(String first, String rest) {
    return sometimesLongest(
        elements(first, rest)
            .list()
            .ofMinSize(2)
            .ofMaxSize(4)
            .map(elements -> String.join(".", elements)));
  }

  /// One to eight characters, the first of `first`, the others of `rest`.
  private static Arbitrary<String> elements(String first, String rest) {
    Arbitrary<Character> begin = Arbitraries.chars().with(first);
    Arbitrary<String> others = Arbitraries.strings().withChars(rest).ofMaxLength(7);
    return Known.of(Combinators.combine(begin, others).as((c, more) -> c + more));
  }

  private static Arbitrary<String> sometimesLongest(Arbitrary<String> names) {
    Arbitrary<String> usual = Known.of(names);
    Arbitrary<String> longest = Known.of(names.map(name -> cut(name + "a".repeat(MAX_LENGTH))));
    return Known.of(Arbitraries.frequencyOf(Tuple.of(30, usual), Tuple.of(1, longest)));
  }

  private static String cut(String name) {
    return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH);
  }
}
