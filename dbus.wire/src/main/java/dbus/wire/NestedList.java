package dbus.wire;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// What stands in a container, of which some are containers themselves: an unmodifiable list that
/// remembers how many of them stand inside each other. So a value is looked at once while it is put
/// together, and not again for every container around it. The fields of a struct remember likewise
/// how many structs stand inside each other in one of them.
final class NestedList<E> extends AbstractList<E> implements RandomAccess {
  private final List<E> items;
  private final int depth;
  private final int structs;

  private NestedList(List<E> items, int depth, int structs) {
    this.items = items;
    this.depth = depth;
    this.structs = structs;
  }

  /// The items, which stand in `around` containers more than the deepest of them says.
  ///
  /// @throws IllegalArgumentException if too many containers would stand inside each other
  static <E> List<E> of(List<E> items, int deepest, int around) {
    Nesting.requireDepth(deepest + around);
    return deepest == 0 ? items : new NestedList<>(items, deepest, 0);
  }

  /// The fields of a struct.
  ///
  /// @throws IllegalArgumentException if too many containers, or too many structs in one signature,
  ///   would stand inside each other
  static List<Value> ofFields(List<Value> fields) {
    int deepest = Nesting.deepest(fields);
    Nesting.requireDepth(deepest + 1);
    if (deepest == 0) {
      return fields;
    }
    int structs = Nesting.structsIn(fields);
    Nesting.requireRoomForStruct(structs);
    return new NestedList<>(fields, deepest, structs);
  }

  /// How many containers stand inside each other in a list that was made here.
  static int depth(List<?> items) {
    return items instanceof NestedList<?> nested ? nested.depth : 0;
  }

  /// How many structs stand inside each other in the fields of a struct, not counting itself.
  static int structs(List<?> fields) {
    return fields instanceof NestedList<?> nested ? nested.structs : 0;
  }

  @Override
  public E get(int index) {
    return items.get(index);
  }

  @Override
  public int size() {
    return items.size();
  }
}
