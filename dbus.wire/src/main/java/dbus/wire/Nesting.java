package dbus.wire;

import java.util.List;

/// The limits on how deep types and values may be nested (WIRE-21, WIRE-22). They are kept by
/// counting, whenever one is made; so what walks through a type or value needs a short stack
/// (WIRE-23).
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
      requireRoomForStruct(structs(field));
    }
  }

  /// Checks that so many structs inside each other may have one more around them.
  static void requireRoomForStruct(int structs) {
    if (structs >= MAX_IN_SIGNATURE) {
      throw new IllegalArgumentException(
          "structs are nested deeper than " + MAX_IN_SIGNATURE + " levels");
    }
  }

  static void requireDepth(int depth) {
    if (depth > MAX_IN_VALUE) {
      throw new IllegalArgumentException(
          "at most " + MAX_IN_VALUE + " containers stand inside each other in a value");
    }
  }

  /// How many containers stand inside each other in a value: an array counts one, a struct one, a
  /// dict entry one, a variant one.
  static int depth(Value value) {
    return switch (value) {
      case Value.Variant(Value inner) -> 1 + depth(inner);
      case Value.Array array -> 1 + NestedList.depth(array.items());
      case Value.Struct(List<Value> fields) -> 1 + NestedList.depth(fields);
      case Value.Dict dict ->
          1 + (dict.entries().isEmpty() ? 0 : 1) + NestedList.depth(dict.entries());
      default -> 0;
    };
  }

  /// How deep the deepest of some values is.
  static int deepest(List<Value> values) {
    int most = 0;
    for (int i = 0; i < values.size(); i++) {
      most = Math.max(most, depth(values.get(i)));
    }
    return most;
  }

  /// How many structs stand inside each other in the types of some values.
  static int structsIn(List<Value> values) {
    int most = 0;
    for (int i = 0; i < values.size(); i++) {
      int structs =
          switch (values.get(i)) {
            case Value.Struct(List<Value> fields) -> 1 + NestedList.structs(fields);
            case Value.Array array -> structs(array.element());
            case Value.Dict dict -> structs(dict.entryType());
            default -> 0;
          };
      most = Math.max(most, structs);
    }
    return most;
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
