package dbus.wire;

import java.util.List;

/// `(…)`, one or more fields, each of its own type. D-Bus Specification, "Container types".
///
/// @param fields the types of the fields, in order
public record StructType(List<Type> fields) implements Type {
  /// Checks the fields and the nesting, and copies the list.
  ///
  /// @throws IllegalArgumentException if there is no field, a field is a dict entry, or structs
  ///   would be nested deeper than 32
  public StructType {
    fields = List.copyOf(fields);
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("\"()\": a struct has at least one field");
    }
    fields.forEach(Nesting::requireComplete);
    Nesting.requireRoomForStruct(fields);
  }

  /// A struct of the given fields.
  ///
  /// @param fields the types of the fields, in order
  /// @return the type
  /// @throws IllegalArgumentException as the constructor
  public static StructType of(Type... fields) {
    return new StructType(List.of(fields));
  }

  @Override
  public char code() {
    return '(';
  }

  @Override
  public int alignment() {
    return 8;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("(");
    fields.forEach(text::append);
    return text.append(')').toString();
  }
}
