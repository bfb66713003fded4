package dbus.wire;

/// A type of the D-Bus type system: what one place in a [Signature] stands for.
///
/// Types are immutable and compare by structure. A type that exists keeps the limits on nesting (32
/// arrays, 32 structs); whether its text fits into the 255 bytes of a signature is checked by
/// [Signature#of(Type...)]. D-Bus Specification, "Type System".
public sealed interface Type permits BasicType, ArrayType, DictEntryType, StructType, VariantType {
  /// The first character of the type's text, such as `i`, `a`, or `(`.
  ///
  /// @return an ASCII character
  char code();

  /// The boundary, in bytes from the start of the message, on which a value of this type begins.
  ///
  /// @return 1, 2, 4, or 8
  int alignment();

  /// The text of this type in a signature, such as `a{sv}`.
  ///
  /// @return a complete type, except for a [DictEntryType], which is one only inside an array
  @Override
  String toString();
}
