package dbus.wire;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How ordinary Java objects become values and the other way round; see [Value#of(Object)] and
/// [Value#toJava()].
final class JavaObjects {
  private JavaObjects() {}

  static Value toValue(Object object) {
    return toValue(object, 0);
  }

  /// The value of an object that stands inside `depth` lists and maps. One that holds itself, or is
  /// nested without end, is refused before the stack is.
  private static Value toValue(Object object, int depth) {
    return switch (object) {
      case Value value -> value;
      case Boolean b -> new Value.Bool(b);
      case Byte b -> new Value.Byte(b & 0xff);
      case Short s -> new Value.Int16(s);
      case Integer i -> new Value.Int32(i);
      case Long l -> new Value.Int64(l);
      case BigInteger i -> new Value.UInt64(i);
      case Float f -> new Value.Double(f);
      case Double d -> new Value.Double(d);
      case String s -> new Value.Str(s);
      case ObjectPath path -> new Value.Path(path);
      case Signature signature -> new Value.Sig(signature);
      case InterfaceName name -> new Value.Str(name.value());
      case MemberName name -> new Value.Str(name.value());
      case ErrorName name -> new Value.Str(name.value());
      case BusName name -> new Value.Str(name.value());
      case byte[] bytes -> Value.Array.ofBytes(bytes);
      case short[] shorts -> Value.Array.ofInt16s(shorts);
      case int[] ints -> Value.Array.ofInt32s(ints);
      case long[] longs -> Value.Array.ofInt64s(longs);
      case double[] doubles -> Value.Array.ofDoubles(doubles);
      case String[] strings -> Value.Array.ofStrings(strings);
      case List<?> list -> array(list, depth + 1);
      case Map<?, ?> map -> dict(map, depth + 1);
      default ->
          throw new IllegalArgumentException(
              "no D-Bus value stands for a " + object.getClass().getName());
    };
  }

  static Object fromValue(Value value) {
    return switch (value) {
      case Value.Byte(int v) -> v;
      case Value.Bool(boolean v) -> v;
      case Value.Int16(short v) -> v;
      case Value.UInt16(int v) -> v;
      case Value.Int32(int v) -> v;
      case Value.UInt32(long v) -> v;
      case Value.Int64(long v) -> v;
      case Value.UInt64(BigInteger v) -> v;
      case Value.Double(double v) -> v;
      case Value.Str(String v) -> v;
      case Value.Path(ObjectPath v) -> v;
      case Value.Sig(Signature v) -> v;
      case Value.UnixFd(int index) -> index;
      case Value.Variant(Value inner) -> fromValue(inner);
      case Value.Array array when array.element() == BasicType.BYTE -> array.toBytes();
      case Value.Array array -> fromValues(array.items());
      case Value.Struct(List<Value> fields) -> fromValues(fields);
      case Value.Dict dict -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        dict.entries().forEach(e -> map.put(fromValue(e.key()), fromValue(e.value())));
        yield map;
      }
    };
  }

  private static List<Object> fromValues(List<Value> values) {
    return values.stream().map(JavaObjects::fromValue).toList();
  }

  private static Value array(List<?> list, int depth) {
    Nesting.requireDepth(depth);
    List<Value> items = new ArrayList<>(list.size());
    for (Object item : list) {
      items.add(toValue(item, depth));
    }
    List<Value> alike = alike(items);
    Type element = alike.isEmpty() ? VariantType.VARIANT : alike.getFirst().type();
    return new Value.Array(element, alike);
  }

  private static Value dict(Map<?, ?> map, int depth) {
    Nesting.requireDepth(depth);
    List<Value> keys = new ArrayList<>(map.size());
    List<Value> values = new ArrayList<>(map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      keys.add(toValue(entry.getKey(), depth));
      values.add(toValue(entry.getValue(), depth));
    }
    List<Value> alike = alike(values);
    Type value = alike.isEmpty() ? VariantType.VARIANT : alike.getFirst().type();
    List<Value.Entry> entries = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      entries.add(new Value.Entry(keys.get(i), alike.get(i)));
    }
    return new Value.Dict(new DictEntryType(keyType(keys), value), entries);
  }

  private static BasicType keyType(List<Value> keys) {
    Type type = keys.isEmpty() ? BasicType.STRING : keys.getFirst().type();
    if (type instanceof BasicType basic) {
      return basic;
    }
    throw new IllegalArgumentException("the key of a map becomes " + type + ", no basic type");
  }

  /// The values themselves if they share one type, else each in a variant.
  private static List<Value> alike(List<Value> values) {
    boolean alike =
        values.isEmpty()
            || values.stream().map(Value::type).allMatch(values.getFirst().type()::equals);
    return alike
        ? values
        : values.stream()
            .<Value>map(value -> value instanceof Value.Variant ? value : new Value.Variant(value))
            .toList();
  }
}
