package dbus.connection;

import dbus.wire.ObjectPath;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Something at each of some object paths, and the questions that a tree of objects asks of it.
///
/// Sorted by the text of the path: all that is below `/a` stands between `/a/` and `/a0`, since `0`
/// is the character right after `/`, and no path holds one that sorts before it.
final class PathMap<V> {

  private static final char AFTER_SLASH = '/' + 1;

  private final NavigableMap<String, V> map = new ConcurrentSkipListMap<>();

  /// No path here has ever been longer than this. Changed under the lock of this map alone.
  private volatile int longest;

  Optional<V> get(ObjectPath path) {
    return Optional.ofNullable(map.get(path.value()));
  }

  /// In one step; what is null is not there.
  synchronized void change(ObjectPath path, UnaryOperator<@Nullable V> change) {
    longest = Math.max(longest, path.value().length());
    map.compute(path.value(), (key, present) -> change.apply(present));
  }

  /// What is there, or at the nearest path above.
  Optional<V> nearest(ObjectPath path) {
    if (map.isEmpty()) {
      return Optional.empty();
    }
    String text = path.value();
    for (int end = text.length(); end > 0; end = text.lastIndexOf('/', end - 1)) {
      // A peer's path may have millions of elements; looking for all of them would take forever.
      V found = end > longest ? null : map.get(text.substring(0, end));
      if (found != null) {
        return Optional.of(found);
      }
    }
    return get(ObjectPath.ROOT);
  }

  boolean hasBelow(ObjectPath path) {
    return below(path).higherKey(prefix(path)) != null;
  }

  /// Adds the first elements of the paths below, relative to this one.
  void addChildren(ObjectPath path, Set<String> children) {
    NavigableMap<String, V> below = below(path);
    String prefix = prefix(path);
    String key = below.higherKey(prefix);
    // From child to child, not from path to path: a child may have thousands below it.
    while (key != null) {
      int end = key.indexOf('/', prefix.length());
      String child = key.substring(prefix.length(), end < 0 ? key.length() : end);
      children.add(child);
      key = below.ceilingKey(prefix + child + AFTER_SLASH);
    }
  }

  private NavigableMap<String, V> below(ObjectPath path) {
    String prefix = prefix(path);
    String end = prefix.substring(0, prefix.length() - 1) + AFTER_SLASH;
    return map.subMap(prefix, false, end, false);
  }

  private static String prefix(ObjectPath path) {
    return path.isRoot() ? "/" : path.value() + "/";
  }
}
