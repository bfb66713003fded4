package dbus.connection;

import dbus.connection.reading.Pace;
import dbus.wire.ObjectPath;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// A subtree and where it stands; what it gives is checked here, since its code is the user's.
///
/// @param pace how long it takes to say what it has
record ExportedSubtree(ObjectPath root, Subtree subtree, Pace pace) {

  List<Interface> at(ObjectPath path) {
    List<Interface> interfaces = subtree.interfacesAt(elements(path));
    for (Interface one : interfaces) {
      if (StandardInterfaces.find(one.name()).isPresent()) {
        throw new IllegalStateException(
            "the subtree of %s gives %s for %s, which every object has by itself"
                .formatted(root, one.name(), path));
      }
    }
    return interfaces;
  }

  void addChildren(ObjectPath path, SortedSet<String> children) {
    for (String child : subtree.childrenOf(elements(path))) {
      children.add(path.child(child).name());
    }
  }

  boolean hasChildren(ObjectPath path) {
    SortedSet<String> children = new TreeSet<>();
    addChildren(path, children);
    return !children.isEmpty();
  }

  private List<String> elements(ObjectPath path) {
    if (path.equals(root)) {
      return List.of();
    }
    String below = path.value().substring(root.isRoot() ? 1 : root.value().length() + 1);
    return List.of(below.split("/"));
  }
}
