package dbus.testkit.wire;

import dbus.wire.ArrayType;
import dbus.wire.BasicType;
import dbus.wire.DictEntryType;
import dbus.wire.StructType;
import dbus.wire.Type;
import dbus.wire.Value;
import dbus.wire.VariantType;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of values. Values shrink to 0, to short text, and to empty containers. No dictionary
/// has a key twice, so that every value can be written.
public final class ValueArbitraries {
  private static final int MAX_ITEMS = 4;

  /// As many variants stand inside each other, unless [#deepValues()] are asked for.
  private static final int VARIANTS = 2;

  private static final int MAX_CODE_POINT = Character.MAX_CODE_POINT;

  // Made once, since jqwik is much faster with generators that it knows already.
  private static final Map<BasicType, Arbitrary<Value>> BASIC = new EnumMap<>(BasicType.class);
  private static final List<Arbitrary<Value>> VALUES;

  static {
    for (BasicType type : BasicType.values()) {
      BASIC.put(type, Known.of(basic(type)));
    }
    VALUES =
        IntStream.rangeClosed(0, VARIANTS)
            .mapToObj(deeper -> TypeArbitraries.types().flatMap(type -> valuesOf(type, deeper)))
            .map(Known::of)
            .toList();
  }

  private ValueArbitraries() {}

  /// Any value of any type.
  public static Arbitrary<Value> values() {
    return VALUES.get(VARIANTS);
  }

  /// Any value of one type.
  ///
  /// @param type a complete type
  /// @throws IllegalArgumentException if the type is a dict entry, which has no values by itself
  public static Arbitrary<Value> valuesOf(Type type) {
    return valuesOf(type, VARIANTS);
  }

  /// Any text that D-Bus can carry, of up to ten characters: mostly ASCII, also of any script, and
  /// at the borders of the lengths that UTF-8 has.
  public static Arbitrary<String> texts() {
    Arbitrary<Integer> ascii = Arbitraries.integers().between('a', 'z');
    Arbitrary<Integer> borders =
        Arbitraries.of(
            1, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfdd0, 0xfffe, 0xffff, 0x10000, 0x10ffff);
    Arbitrary<Integer> any =
        Arbitraries.integers()
            .between(1, MAX_CODE_POINT)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    return Arbitraries.frequencyOf(Tuple.of(6, ascii), Tuple.of(1, borders), Tuple.of(1, any))
        .list()
        .ofMaxSize(10)
        .map(ValueArbitraries::text)
        .withoutEdgeCases();
  }

  /// Values of 1 to 64 containers inside each other, with mostly one element each: up to the limit
  /// of a body, and with as many arrays and structs in a row as a signature may have.
  public static Arbitrary<Value> deepValues() {
    Arbitrary<Value> innermost = basicTypes().flatMap(ValueArbitraries::valuesOf);
    Arbitrary<List<Nest>> nests = Arbitraries.of(Nest.class).list().ofMinSize(1).ofMaxSize(64);
    Arbitrary<List<Nest>> monotonous =
        Combinators.combine(Arbitraries.of(Nest.class), Arbitraries.integers().between(1, 64))
            .as((nest, count) -> Collections.nCopies(count, nest));
    return Combinators.combine(innermost, Arbitraries.oneOf(nests, monotonous))
        .as(Nest::wrap)
        .withoutEdgeCases();
  }

  private static Arbitrary<Type> basicTypes() {
    return TypeArbitraries.basicTypes().map(type -> type);
  }

  private static Arbitrary<Value> valuesOf(Type type, int variants) {
    Arbitrary<Value> values =
        switch (type) {
          case BasicType basic -> Objects.requireNonNull(BASIC.get(basic));
          case VariantType _ -> variants(variants);
          case ArrayType(DictEntryType entry) -> dicts(entry, variants);
          case ArrayType(Type element) ->
              valuesOf(element, variants)
                  .list()
                  .ofMaxSize(MAX_ITEMS)
                  .map(items -> (Value) new Value.Array(element, items));
          case StructType(List<Type> fields) ->
              Combinators.combine(fields.stream().map(field -> valuesOf(field, variants)).toList())
                  .as(each -> (Value) new Value.Struct(each));
          case DictEntryType _ ->
              throw new IllegalArgumentException(type + ": a dict entry has no values by itself");
        };
    return Known.once(values);
  }

  private static Arbitrary<Value> variants(int deeper) {
    Arbitrary<Value> content =
        deeper == 0 ? basicTypes().flatMap(ValueArbitraries::valuesOf) : VALUES.get(deeper - 1);
    return content.map(value -> (Value) new Value.Variant(value)).withoutEdgeCases();
  }

  private static Arbitrary<Value> dicts(DictEntryType type, int variants) {
    return Combinators.combine(valuesOf(type.key(), variants), valuesOf(type.value(), variants))
        .as(Map::entry)
        .list()
        .ofMaxSize(MAX_ITEMS)
        .map(entries -> {
          Map<Value, Value> map = new LinkedHashMap<>();
          entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
          return (Value) Value.Dict.of(type.key(), type.value(), map);
        })
        .withoutEdgeCases();
  }

  private static Arbitrary<Value> basic(BasicType type) {
    return switch (type) {
      case BYTE -> Arbitraries.integers().between(0, 0xff).map(Value.Byte::new);
      case BOOLEAN -> Arbitraries.of(false, true).map(Value.Bool::new);
      case INT16 -> longs().map(n -> new Value.Int16(n.shortValue()));
      case UINT16 -> longs().map(n -> new Value.UInt16(n.shortValue() & 0xffff));
      case INT32 -> longs().map(n -> new Value.Int32(n.intValue()));
      case UINT32 -> longs().map(n -> new Value.UInt32(n & 0xffff_ffffL));
      case INT64 -> longs().map(Value.Int64::new);
      case UINT64 -> longs().map(Value.UInt64::ofBits);
      case DOUBLE -> doubles().map(Value.Double::new);
      case STRING -> texts().map(Value.Str::new);
      case OBJECT_PATH -> NameArbitraries.objectPaths().map(Value.Path::new);
      case SIGNATURE -> TypeArbitraries.signatures().map(Value.Sig::new);
      case UNIX_FD -> Arbitraries.integers().between(0, 252).map(Value.UnixFd::new);
    };
  }

  /// Any 64 bits, often such that they are special when cut to 16 or 32.
  private static Arbitrary<Long> longs() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            1,
            Arbitraries.of(
                0L,
                1L,
                -1L,
                (long) Short.MIN_VALUE,
                (long) Short.MAX_VALUE,
                (long) Integer.MIN_VALUE,
                (long) Integer.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE)),
        Tuple.of(2, Arbitraries.longs()));
  }

  /// Any double, also NaN with a payload, infinities, and −0.0.
  private static Arbitrary<Double> doubles() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            1,
            Arbitraries.of(
                0.0,
                -0.0,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NaN,
                Double.longBitsToDouble(0xfff8_0000_0000_0123L),
                Double.MIN_VALUE,
                Double.MAX_VALUE)),
        Tuple.of(2, Arbitraries.longs().map(Double::longBitsToDouble)));
  }

  private static String text(List<Integer> codePoints) {
    StringBuilder text = new StringBuilder();
    codePoints.forEach(text::appendCodePoint);
    return text.toString();
  }
}
