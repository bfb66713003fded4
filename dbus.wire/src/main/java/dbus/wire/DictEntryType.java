package dbus.wire;

/// `{kv}`, a key and a value; occurs only as the element of an [ArrayType].
///
/// D-Bus Specification, "Container types".
///
/// @param key the type of the key, always basic
/// @param value the type of the value, any complete type
public record DictEntryType(BasicType key, Type value) implements Type {
  /// Checks that the value is a complete type.
  ///
  /// @throws IllegalArgumentException if the value is a dict entry itself
  public DictEntryType {
    Nesting.requireComplete(value);
  }

  @Override
  public char code() {
    return '{';
  }

  @Override
  public int alignment() {
    return 8;
  }

  @Override
  public String toString() {
    return "{" + key + value + "}";
  }
}
