package dbus.wire;

import java.util.List;

/// The limits on how deep types and values may be nested (WIRE-21, WIRE-22).
final class Nesting {
  /// Arrays inside each other in one signature, and likewise structs.
  static final int MAX_IN_SIGNATURE = 32;

  /// Containers of every kind inside each other in one value, variants included.
  static final int MAX_IN_VALUE = 64;

  private Nesting() {}

  static void requireRoomForArray(Type element) {
    if (arrays(element) >= MAX_IN_SIGNATURE) {
      throw new IllegalArgumentException(
          "arrays are nested deeper than " + MAX_IN_SIGNATURE + " levels");
    }
  }

  static void requireRoomForStruct(List<Type> fields) {
    for (Type field : fields) {
      if (structs(field) >= MAX_IN_SIGNATURE) {
        throw new IllegalArgumentException(
            "structs are nested deeper than " + MAX_IN_SIGNATURE + " levels");
      }
    }
  }

  static void requireComplete(Type type) {
    if (type instanceof DictEntryType) {
      throw new IllegalArgumentException(
          "dict entry " + type + ": occurs only as the element of an array");
    }
  }

  private static int arrays(Type type) {
    return switch (type) {
      case BasicType _, VariantType _ -> 0;
      case ArrayType(Type element) -> 1 + arrays(element);
      case DictEntryType(BasicType _, Type value) -> arrays(value);
      case StructType(List<Type> fields) ->
          fields.stream().mapToInt(Nesting::arrays).max().orElse(0);
    };
  }

  private static int structs(Type type) {
    return switch (type) {
      case BasicType _, VariantType _ -> 0;
      case ArrayType(Type element) -> structs(element);
      case DictEntryType(BasicType _, Type value) -> structs(value);
      case StructType(List<Type> fields) ->
          1 + fields.stream().mapToInt(Nesting::structs).max().orElse(0);
    };
  }
}
