package dbus.wire;

/// `a` and an element type: any number of values of one type. An array of [DictEntryType] is a
/// dictionary. D-Bus Specification, "Container types".
///
/// @param element the type of each element
public record ArrayType(Type element) implements Type {
  /// Checks the nesting.
  ///
  /// @throws IllegalArgumentException if arrays would be nested deeper than 32
  public ArrayType {
    Nesting.requireRoomForArray(element);
  }

  @Override
  public char code() {
    return 'a';
  }

  @Override
  public int alignment() {
    return 4;
  }

  @Override
  public String toString() {
    return "a" + element;
  }
}
