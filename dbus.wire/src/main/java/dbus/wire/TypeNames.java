package dbus.wire;

/// What types are called in errors: in the words of the specification, and not by their codes.
final class TypeNames {
  private TypeNames() {}

  /// What a type is called, such as `INT32`, `a struct`, or `an array of BYTE`.
  static String of(Type type) {
    return switch (type) {
      case BasicType basic -> basic.name();
      case VariantType _ -> "a variant";
      case ArrayType(Type element) -> arrayOf(element);
      case StructType _ -> "a struct";
      case DictEntryType _ -> "a dict entry";
    };
  }

  static String arrayOf(Type element) {
    return element instanceof BasicType basic
        ? "an array of " + basic.name()
        : "an array \"a" + element + "\"";
  }

  /// What the types that begin with a code are called.
  static String ofCode(int code) {
    return switch (code) {
      case 'a' -> "an array";
      case 'v' -> "a variant";
      case '(' -> "a struct";
      case '{' -> "a dict entry";
      default -> BasicType.ofCode((char) code).map(BasicType::name).orElseThrow();
    };
  }
}
