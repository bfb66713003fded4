package dbus.connection;

import dbus.connection.introspection.NodeInfo;
import dbus.wire.InterfaceName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The objects that peers can call: interfaces at paths.
///
/// A connection has a tree of its own. It may have a second one behind it, shared by many
/// connections, as a server does for the objects that all its peers see; what stands in its own
/// tree goes first. Safe for use by several threads; a change holds for the next call that comes.
public final class ObjectTree {

  /// The character that sorts right after `/`; no path holds one that sorts before it.
  private static final char AFTER_SLASH = '/' + 1;

  /// By the text of the path, sorted: all that is below `/a` stands between `/a/` and `/a0`.
  private final NavigableMap<String, List<Interface>> objects = new ConcurrentSkipListMap<>();

  private final Optional<ObjectTree> shared;

  /// Who hears of changes of the objects here.
  private final Set<DBusConnection> audience = ConcurrentHashMap.newKeySet();

  /// An empty tree, to be shared by connections.
  public ObjectTree() {
    this.shared = Optional.empty();
  }

  /// An empty tree in front of a shared one.
  ObjectTree(ObjectTree shared) {
    this.shared = Optional.of(shared);
  }

  /// Exports interfaces at a path, beside those that are there already.
  ///
  /// @return closing it takes these interfaces away again
  /// @throws IllegalStateException if one of them is at this path already, by name
  /// @throws IllegalArgumentException if there are none, or one is given twice, or one is among the
  ///   interfaces that every object has anyway
  public Export export(ObjectPath path, Interface... interfaces) {
    List<Interface> added = List.of(interfaces);
    if (added.isEmpty()) {
      throw new IllegalArgumentException(path + ": no interface to export");
    }
    for (Interface one : added) {
      if (StandardInterfaces.find(one.name()).isPresent()) {
        throw new IllegalArgumentException(
            path + ": every object has " + one.name() + " by itself; it cannot be exported");
      }
    }
    objects.compute(path.value(), (key, present) -> merged(path, present, added));
    return new Export(this, path, added);
  }

  private static List<Interface> merged(
      ObjectPath path, @Nullable List<Interface> present, List<Interface> added) {
    List<Interface> all = new ArrayList<>(present == null ? List.of() : present);
    for (Interface one : added) {
      if (find(all, one.name()).isPresent()) {
        throw new IllegalStateException(path + " has the interface " + one.name() + " already");
      }
      all.add(one);
    }
    return List.copyOf(all);
  }

  void remove(ObjectPath path, List<Interface> interfaces) {
    objects.computeIfPresent(
        path.value(),
        (key, present) -> {
          List<Interface> rest = new ArrayList<>(present);
          // By identity: an equal name may have been exported anew since.
          rest.removeIf(one -> interfaces.stream().anyMatch(gone -> gone == one));
          return rest.isEmpty() ? null : List.copyOf(rest);
        });
  }

  /// The interface of that name at that path.
  Optional<Interface> find(ObjectPath path, InterfaceName name) {
    Optional<Interface> own = find(ownAt(path), name);
    return own.isPresent() ? own : shared.flatMap(behind -> behind.find(path, name));
  }

  /// All interfaces at that path; where two have one name, the one that would be called.
  List<Interface> at(ObjectPath path) {
    List<Interface> own = ownAt(path);
    if (shared.isEmpty()) {
      return own;
    }
    List<Interface> all = new ArrayList<>(own);
    for (Interface behind : shared.get().at(path)) {
      if (find(own, behind.name()).isEmpty()) {
        all.add(behind);
      }
    }
    return all;
  }

  /// Whether something is exported at that path or below it. The root always exists: tools begin
  /// there.
  boolean exists(ObjectPath path) {
    return path.equals(ObjectPath.ROOT) || !at(path).isEmpty() || hasBelow(path);
  }

  private boolean hasBelow(ObjectPath path) {
    return below(path).higherKey(prefix(path)) != null
        || shared.map(behind -> behind.hasBelow(path)).orElse(false);
  }

  /// The object at that path as peers see it.
  NodeInfo describe(ObjectPath path) {
    List<Interface> interfaces = new ArrayList<>();
    List<Interface> exported = at(path);
    if (!exported.isEmpty()) {
      interfaces.add(PropertiesInterface.INTERFACE);
    }
    interfaces.add(IntrospectableInterface.INTERFACE);
    interfaces.add(PeerInterface.INTERFACE);
    interfaces.addAll(exported);
    SortedSet<String> children = new TreeSet<>();
    addChildren(path, children);
    return NodeInfo.of(interfaces.stream().map(Interface::info).toList(), List.copyOf(children));
  }

  private void addChildren(ObjectPath path, SortedSet<String> children) {
    NavigableMap<String, List<Interface>> below = below(path);
    String prefix = prefix(path);
    String key = below.higherKey(prefix);
    // From child to child, not from object to object: a child may have thousands below it.
    while (key != null) {
      int end = key.indexOf('/', prefix.length());
      String child = key.substring(prefix.length(), end < 0 ? key.length() : end);
      children.add(child);
      key = below.ceilingKey(prefix + child + AFTER_SLASH);
    }
    shared.ifPresent(behind -> behind.addChildren(path, children));
  }

  private NavigableMap<String, List<Interface>> below(ObjectPath path) {
    String prefix = prefix(path);
    String end = prefix.substring(0, prefix.length() - 1) + AFTER_SLASH;
    return objects.subMap(prefix, false, end, false);
  }

  private static String prefix(ObjectPath path) {
    return path.equals(ObjectPath.ROOT) ? "/" : path.value() + "/";
  }

  private List<Interface> ownAt(ObjectPath path) {
    return objects.getOrDefault(path.value(), List.of());
  }

  private static Optional<Interface> find(List<Interface> interfaces, InterfaceName name) {
    for (Interface one : interfaces) {
      if (one.name().equals(name)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /// Sends a signal to every connection on which that interface of that object is seen.
  void announce(ObjectPath path, Interface subject, Signal signal) {
    if (ownAt(path).contains(subject)) {
      audience.forEach(connection -> connection.post(signal));
    } else {
      shared.ifPresent(behind -> behind.announce(path, subject, signal));
    }
  }

  void join(DBusConnection connection) {
    audience.add(connection);
    shared.ifPresent(behind -> behind.join(connection));
  }

  void leave(DBusConnection connection) {
    audience.remove(connection);
    shared.ifPresent(behind -> behind.leave(connection));
  }
}
