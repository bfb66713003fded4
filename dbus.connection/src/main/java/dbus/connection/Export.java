package dbus.connection;

import dbus.connection.introspection.EmitsChanged;
import dbus.wire.ObjectPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// Interfaces that stand at a path, or a subtree, until this is closed.
///
/// Closing takes them away at once: calls that come later, or that wait for a thread, are answered
/// as if they had never been there; calls that run already go on. Any thread, any number of times.
///
/// A peer that sets a property brings about the signal that tells of it. Where the application
/// changes it, the application says so, and all peers that see the object are told:
///
/// ```java
/// Export export = server.export("/com/example/Battery", battery);
/// level = 70;
/// charging = false;
/// export.changed("Level", "Charging");
/// ```
public final class Export implements AutoCloseable {

  private final ObjectPath path;
  private final List<Interface> interfaces;
  private final ObjectTree tree;
  private final Runnable remove;
  private final AtomicBoolean closed = new AtomicBoolean();

  Export(ObjectPath path, List<Interface> interfaces, ObjectTree tree, Runnable remove) {
    this.path = path;
    this.interfaces = interfaces;
    this.tree = tree;
    this.remove = remove;
  }

  /// Where they stand.
  public ObjectPath path() {
    return path;
  }

  /// What stands there; empty for a subtree, which has other interfaces at each path.
  public List<Interface> interfaces() {
    return interfaces;
  }

  /// Tells the peers that properties have changed, by `org.freedesktop.DBus.Properties`: one signal
  /// for each interface, however many properties are named, sent before this returns as far as
  /// nobody holds it up. What is told depends on the property's [EmitsChanged]: the value as its
  /// getter gives it now, the name alone, or nothing.
  ///
  /// To be called after the change. If several threads do so, the last value told is the last one
  /// that there was. It may be called with locks held that the getters need. Does nothing after
  /// this is closed.
  ///
  /// @param properties by name; where several interfaces of this export have one of that name, all
  ///   are meant
  /// @throws IllegalArgumentException if there is no property of that name, or it is declared
  ///   constant; nothing is sent then
  public void changed(String... properties) {
    announce(path, interfaces, Set.of(properties));
  }

  /// The same for an object of a subtree.
  ///
  /// @param path of the object
  /// @throws IllegalArgumentException if the path is not in the subtree, or there is no such
  ///   property, or it is declared constant
  public void changedAt(ObjectPath path, String... properties) {
    if (!path.startsWith(this.path)) {
      throw new IllegalArgumentException(path + " is not in the subtree of " + this.path);
    }
    announce(path, tree.at(path).stream().map(Site::subject).toList(), Set.of(properties));
  }

  private void announce(ObjectPath where, List<Interface> among, Set<String> names) {
    if (closed.get()) {
      return;
    }
    names.forEach(name -> requireProperty(where, among, name));
    for (Interface one : among) {
      Collection<Property<?>> changed = new ArrayList<>();
      one.properties()
          .forEach(property -> {
            if (names.contains(property.name())) {
              changed.add(property);
            }
          });
      if (!changed.isEmpty()) {
        tree.announce(where, one, changed);
      }
    }
  }

  private static void requireProperty(ObjectPath where, List<Interface> among, String name) {
    boolean found = false;
    for (Interface one : among) {
      Optional<Property<?>> property = one.property(name);
      found |= property.isPresent();
      if (property.isPresent()
          && one.info().emitsChanged(property.get().info()) == EmitsChanged.CONST) {
        throw new IllegalArgumentException(
            "the property %s.%s at %s is declared constant".formatted(one.name(), name, where));
      }
    }
    if (!found) {
      throw new IllegalArgumentException("no property \"%s\" at %s".formatted(name, where));
    }
  }

  @Override
  public void close() {
    // Once: the same interface may have been exported anew since.
    if (closed.compareAndSet(false, true)) {
      remove.run();
    }
  }
}
