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

  // A peer chooses the signatures, and each of its types is walked once for every level around it:
  // so these loops allocate nothing, as streams and iterators would.
  private static int arrays(Type type) {
    return switch (type) {
      case BasicType _, VariantType _ -> 0;
      case ArrayType(Type element) -> 1 + arrays(element);
      case DictEntryType(BasicType _, Type value) -> arrays(value);
      case StructType(List<Type> fields) -> {
        int most = 0;
        for (int i = 0; i < fields.size(); i++) {
          most = Math.max(most, arrays(fields.get(i)));
        }
        yield most;
      }
    };
  }

  private static int structs(Type type) {
    return switch (type) {
      case BasicType _, VariantType _ -> 0;
      case ArrayType(Type element) -> structs(element);
      case DictEntryType(BasicType _, Type value) -> structs(value);
      case StructType(List<Type> fields) -> {
        int most = 0;
        for (int i = 0; i < fields.size(); i++) {
          most = Math.max(most, structs(fields.get(i)));
        }
        yield 1 + most;
      }
    };
  }
}
