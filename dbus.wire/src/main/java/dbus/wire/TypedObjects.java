package dbus.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How ordinary Java objects become values of a type that is wanted; see [Value#of(Object, Type)].
/// The recursion is bounded by the type.
final class TypedObjects {
  private TypedObjects() {}

  static Value toValue(Object object, Type type) {
    if (object instanceof Value value && Types.fits(type, value)) {
      return value;
    }
    return switch (type) {
      case BasicType basic -> basic(object, basic);
      case VariantType _ -> new Value.Variant(JavaObjects.toValue(object));
      case ArrayType(DictEntryType entry) when object instanceof Map<?, ?> map -> dict(map, entry);
      case ArrayType(Type element)
          when object instanceof List<?> list && !(element instanceof DictEntryType) ->
          new Value.Array(element, list.stream().map(item -> toValue(item, element)).toList());
      case StructType(List<Type> fields)
          when object instanceof List<?> list && list.size() == fields.size() ->
          struct(list, fields);
      case ArrayType _ when object.getClass().isArray() -> array(object, type);
      default -> throw misfit(object, type);
    };
  }

  private static Value dict(Map<?, ?> map, DictEntryType type) {
    List<Value.Entry> entries = new ArrayList<>(map.size());
    map.forEach((key, value) ->
        entries.add(new Value.Entry(toValue(key, type.key()), toValue(value, type.value()))));
    return new Value.Dict(type, entries);
  }

  private static Value struct(List<?> list, List<Type> fields) {
    List<Value> values = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      values.add(toValue(list.get(i), fields.get(i)));
    }
    return new Value.Struct(values);
  }

  /// An array of primitives or strings has one type of elements only.
  private static Value array(Object object, Type type) {
    Value value = JavaObjects.toValue(object);
    if (!Types.fits(type, value)) {
      throw misfit(object, type);
    }
    return value;
  }

  private static Value basic(Object object, BasicType type) {
    return switch (object) {
      case Boolean b when type == BasicType.BOOLEAN -> new Value.Bool(b);
      case Double d when type == BasicType.DOUBLE -> new Value.Double(d);
      case Float f when type == BasicType.DOUBLE -> new Value.Double(f);
      case String s when type == BasicType.STRING -> new Value.Str(s);
      case String s when type == BasicType.OBJECT_PATH -> new Value.Path(new ObjectPath(s));
      case String s when type == BasicType.SIGNATURE -> new Value.Sig(Signature.parse(s));
      case ObjectPath path when type == BasicType.OBJECT_PATH -> new Value.Path(path);
      case Signature signature when type == BasicType.SIGNATURE -> new Value.Sig(signature);
      default -> number(object, type);
    };
  }

  private static Value number(Object object, BasicType type) {
    BigInteger n =
        switch (object) {
          case Byte b -> BigInteger.valueOf(b);
          case Short s -> BigInteger.valueOf(s);
          case Integer i -> BigInteger.valueOf(i);
          case Long l -> BigInteger.valueOf(l);
          case BigInteger i -> i;
          default -> throw misfit(object, type);
        };
    try {
      return switch (type) {
        case BYTE -> new Value.Byte(n.intValueExact());
        case INT16 -> new Value.Int16(n.shortValueExact());
        case UINT16 -> new Value.UInt16(n.intValueExact());
        case INT32 -> new Value.Int32(n.intValueExact());
        case UINT32 -> new Value.UInt32(n.longValueExact());
        case INT64 -> new Value.Int64(n.longValueExact());
        case UINT64 -> new Value.UInt64(n);
        case UNIX_FD -> new Value.UnixFd(Ranges.requireFdIndex(n.intValueExact()));
        case DOUBLE -> real(n);
        default -> throw misfit(object, type);
      };
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(n + " is out of the range of type " + type, e);
    }
  }

  /// Only integers that a double has exactly.
  private static Value real(BigInteger n) {
    double d = n.doubleValue();
    if (Double.isInfinite(d) || !new BigDecimal(d).toBigIntegerExact().equals(n)) {
      throw new ArithmeticException("not exact");
    }
    return new Value.Double(d);
  }

  private static IllegalArgumentException misfit(Object object, Type type) {
    String what =
        object instanceof Value value
            ? "a value of type " + value.type()
            : "a " + object.getClass().getName();
    return new IllegalArgumentException("no value of type " + type + " stands for " + what);
  }
}
