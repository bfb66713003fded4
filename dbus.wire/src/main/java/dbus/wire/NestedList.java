package dbus.wire;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// What stands in a container, of which some are containers themselves: an unmodifiable list that
/// remembers how many of them stand inside each other. So a value is looked at once while it is put
/// together, and not again for every container around it.
final class NestedList<E> extends AbstractList<E> implements RandomAccess {
  private final List<E> items;
  private final int depth;

  private NestedList(List<E> items, int depth) {
    this.items = items;
    this.depth = depth;
  }

  /// The items, which stand in `around` containers more than the deepest of them says.
  ///
  /// @throws IllegalArgumentException if too many containers would stand inside each other
  static <E> List<E> of(List<E> items, int deepest, int around) {
    Nesting.requireDepth(deepest + around);
    return deepest == 0 ? items : new NestedList<>(items, deepest);
  }

  /// How many containers stand inside each other in a list that was made here.
  static int depth(List<?> items) {
    return items instanceof NestedList<?> nested ? nested.depth : 0;
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
