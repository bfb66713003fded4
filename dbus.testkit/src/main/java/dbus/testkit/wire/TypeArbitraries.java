package dbus.testkit.wire;

import dbus.wire.ArrayType;
import dbus.wire.BasicType;
import dbus.wire.DictEntryType;
import dbus.wire.Signature;
import dbus.wire.StructType;
import dbus.wire.Type;
import dbus.wire.VariantType;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of types and signatures. Types shrink to `y`, signatures to fewer types.
public final class TypeArbitraries {
  /// Deep enough for every container in every other, and shallow enough for 255 bytes.
  private static final int DEPTH = 3;

  private static final int MAX_FIELDS = 4;

  // Made once, since jqwik is much faster with generators that it knows already.
  private static final Arbitrary<BasicType> BASIC_TYPES = Known.of(Arbitraries.of(BasicType.class));
  private static final Arbitrary<Type> LEAVES =
      Known.of(
          Arbitraries.frequencyOf(
              Tuple.of(6, BASIC_TYPES.map(type -> (Type) type)),
              Tuple.of(1, Arbitraries.just((Type) VariantType.VARIANT))));
  private static final Arbitrary<Type> TYPES =
      Stream.iterate(LEAVES, TypeArbitraries::around).skip(DEPTH).findFirst().orElseThrow();
  private static final Arbitrary<Signature> SIGNATURES =
      Known.of(
          TYPES
              .list()
              .ofMaxSize(MAX_FIELDS)
              .filter(TypeArbitraries::fitsIntoSignature)
              .map(types -> Signature.of(types.toArray(Type[]::new))));

  private TypeArbitraries() {}

  /// Any basic type.
  public static Arbitrary<BasicType> basicTypes() {
    return BASIC_TYPES;
  }

  /// Any complete type of up to three containers inside each other.
  public static Arbitrary<Type> types() {
    return TYPES;
  }

  /// Any signature of up to four complete types.
  public static Arbitrary<Signature> signatures() {
    return SIGNATURES;
  }

  /// Whether the text of the types has at most 255 bytes.
  static boolean fitsIntoSignature(List<Type> types) {
    return types.stream().mapToInt(type -> type.toString().length()).sum() <= Signature.MAX_LENGTH;
  }

  private static Arbitrary<Type> around(Arbitrary<Type> inner) {
    Arbitrary<Type> arrays = Known.of(inner.map(ArrayType::new));
    Arbitrary<Type> dicts =
        Known.of(
            Combinators.combine(BASIC_TYPES, inner)
                .as((key, value) -> new ArrayType(new DictEntryType(key, value))));
    Arbitrary<Type> structs =
        Known.of(inner.list().ofMinSize(1).ofMaxSize(MAX_FIELDS).map(StructType::new));
    return Known.of(
        Arbitraries.frequencyOf(
            Tuple.of(4, LEAVES), Tuple.of(2, arrays), Tuple.of(1, dicts), Tuple.of(2, structs)));
  }
}
