package dbus.testkit.introspection;

import dbus.connection.introspection.Annotations;
import dbus.connection.introspection.ArgInfo;
import dbus.connection.introspection.EmitsChanged;
import dbus.connection.introspection.InterfaceInfo;
import dbus.connection.introspection.MethodInfo;
import dbus.connection.introspection.NodeInfo;
import dbus.connection.introspection.PropertyInfo;
import dbus.connection.introspection.PropertyInfo.Access;
import dbus.connection.introspection.SignalInfo;
import dbus.testkit.wire.Known;
import dbus.testkit.wire.NameArbitraries;
import dbus.testkit.wire.TypeArbitraries;
import dbus.wire.Signature;
import dbus.wire.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of introspection data that XML can carry: every node that comes up is equal to the
/// one that is read from its text. They shrink to less of everything.
public final class IntrospectionArbitraries {

  private static final int FEW = 2;
  private static final int DEPTH = 2;

  /// What a writer forgets to escape, and what a parser reads as something else.
  private static final String SPECIAL = "<>&\"'\n\r\t ;]-=/éß€\uFFFD\u0085\u2028";

  // Made once, since jqwik is much faster with generators that it knows already.
  private static final Arbitrary<String> TEXTS =
      Known.of(
          Arbitraries.frequencyOf(
                  Tuple.of(3, Arbitraries.chars().alpha().map(String::valueOf)),
                  Tuple.of(2, Arbitraries.chars().with(SPECIAL).map(String::valueOf)),
                  Tuple.of(1, Arbitraries.just("\uD83D\uDE00")),
                  Tuple.of(1, Arbitraries.of("&amp;", "&#10;", "<!--", "]]>", "<node/>")))
              .list()
              .ofMaxSize(6)
              .map(parts -> String.join("", parts)));
  private static final Arbitrary<Map<String, String>> ANNOTATIONS =
      Known.of(
          Arbitraries.maps(
                  Arbitraries.oneOf(
                      Arbitraries.of(
                          Annotations.DEPRECATED, Annotations.NO_REPLY, Annotations.EMITS_CHANGED),
                      TEXTS),
                  Arbitraries.oneOf(
                      Arbitraries.of(EmitsChanged.class).map(EmitsChanged::text), TEXTS))
              .ofMaxSize(2));
  private static final Arbitrary<Optional<String>> NAMES = Known.of(TEXTS.optional());
  private static final Arbitrary<Type> TYPES =
      Known.of(
          TypeArbitraries.types().filter(type -> type.toString().length() <= Signature.MAX_LENGTH));
  private static final Arbitrary<List<ArgInfo>> ARGS =
      few(Known.of(Combinators.combine(NAMES, TYPES, ANNOTATIONS).as(ArgInfo::new)));
  private static final Arbitrary<MethodInfo> METHODS =
      Known.of(
          Combinators.combine(NameArbitraries.memberNames(), ARGS, ARGS, ANNOTATIONS)
              .as(MethodInfo::new));
  private static final Arbitrary<SignalInfo> SIGNALS =
      Known.of(
          Combinators.combine(NameArbitraries.memberNames(), ARGS, ANNOTATIONS)
              .as(SignalInfo::new));
  private static final Arbitrary<PropertyInfo> PROPERTIES =
      Known.of(
          Combinators.combine(TEXTS, TYPES, Arbitraries.of(Access.class), ANNOTATIONS)
              .as(PropertyInfo::new));
  private static final Arbitrary<InterfaceInfo> INTERFACES =
      Known.of(
          Combinators.combine(
                  NameArbitraries.interfaceNames(),
                  few(METHODS),
                  few(SIGNALS),
                  few(PROPERTIES),
                  ANNOTATIONS)
              .as(InterfaceInfo::new));
  private static final Arbitrary<NodeInfo> NODES =
      Stream.iterate(nodes(Arbitraries.just(List.of())), inner -> nodes(few(inner)))
          .skip(DEPTH)
          .findFirst()
          .orElseThrow();

  private IntrospectionArbitraries() {}

  /// A node with interfaces, and children up to two levels deep.
  public static Arbitrary<NodeInfo> nodes() {
    return NODES;
  }

  /// An interface with a few members of each kind.
  public static Arbitrary<InterfaceInfo> interfaces() {
    return INTERFACES;
  }

  /// Text that an attribute of XML can hold, rich in characters that must be escaped.
  public static Arbitrary<String> texts() {
    return TEXTS;
  }

  /// Annotations by name, in order: those with a meaning, and others.
  public static Arbitrary<Map<String, String>> annotations() {
    return ANNOTATIONS;
  }

  private static Arbitrary<NodeInfo> nodes(Arbitrary<List<NodeInfo>> children) {
    return Known.of(
        Combinators.combine(NAMES, few(INTERFACES), children, ANNOTATIONS).as(NodeInfo::new));
  }

  private static <T> Arbitrary<List<T>> few(Arbitrary<T> each) {
    return Known.of(each.list().ofMaxSize(FEW));
  }
}
