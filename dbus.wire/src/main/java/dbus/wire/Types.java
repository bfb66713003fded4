package dbus.wire;

import java.util.List;

/// The types of values.
final class Types {
  private Types() {}

  static Type of(Value value) {
    return switch (value) {
      case Value.Byte _ -> BasicType.BYTE;
      case Value.Bool _ -> BasicType.BOOLEAN;
      case Value.Int16 _ -> BasicType.INT16;
      case Value.UInt16 _ -> BasicType.UINT16;
      case Value.Int32 _ -> BasicType.INT32;
      case Value.UInt32 _ -> BasicType.UINT32;
      case Value.Int64 _ -> BasicType.INT64;
      case Value.UInt64 _ -> BasicType.UINT64;
      case Value.Double _ -> BasicType.DOUBLE;
      case Value.Str _ -> BasicType.STRING;
      case Value.Path _ -> BasicType.OBJECT_PATH;
      case Value.Sig _ -> BasicType.SIGNATURE;
      case Value.UnixFd _ -> BasicType.UNIX_FD;
      case Value.Variant _ -> VariantType.VARIANT;
      case Value.Array array -> new ArrayType(array.element());
      case Value.Dict dict -> new ArrayType(dict.entryType());
      case Value.Struct struct -> new StructType(struct.fields().stream().map(Types::of).toList());
    };
  }

  /// Whether a value is of a type, found without building the types of containers.
  static boolean fits(Type type, Value value) {
    return switch (type) {
      case BasicType basic -> isBasic(value) && of(value) == basic;
      case VariantType _ -> value instanceof Value.Variant;
      case ArrayType(DictEntryType entry) ->
          value instanceof Value.Dict dict && dict.entryType().equals(entry);
      case ArrayType(Type element) ->
          value instanceof Value.Array array && array.element().equals(element);
      case StructType(List<Type> fields) ->
          value instanceof Value.Struct struct && allFit(fields, struct.fields());
      case DictEntryType _ -> false;
    };
  }

  static void requireFits(Type type, Value value, String place, int index) {
    if (!fits(type, value)) {
      throw new IllegalArgumentException(
          place + " " + index + " is of type " + value.type() + ", where " + type + " is declared");
    }
  }

  private static boolean isBasic(Value value) {
    return !(value instanceof Value.Array
        || value instanceof Value.Dict
        || value instanceof Value.Struct
        || value instanceof Value.Variant);
  }

  private static boolean allFit(List<Type> types, List<Value> values) {
    if (types.size() != values.size()) {
      return false;
    }
    for (int i = 0; i < types.size(); i++) {
      if (!fits(types.get(i), values.get(i))) {
        return false;
      }
    }
    return true;
  }
}
