package dbus.connection;

import dbus.wire.InterfaceName;
import dbus.wire.ObjectPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The interfaces that objects have by themselves. D-Bus Specification, "Standard Interfaces".
final class StandardInterfaces {

  private static final List<Interface> ALL =
      List.of(
          PropertiesInterface.INTERFACE,
          IntrospectableInterface.INTERFACE,
          PeerInterface.INTERFACE);

  // Looked into for every call.
  private static final Map<InterfaceName, Interface> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Interface::name, one -> one));

  private StandardInterfaces() {}

  static Optional<Interface> find(InterfaceName name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// Those that answer at a path.
  static List<Interface> at(ObjectTree tree, ObjectPath path) {
    return ALL.stream().filter(one -> answersAt(one, tree, path)).toList();
  }

  /// Whether one of them answers at a path: the peer does everywhere, nodes can be introspected,
  /// and objects have properties, even if none.
  static boolean answersAt(Interface standard, ObjectTree tree, ObjectPath path) {
    if (standard == PeerInterface.INTERFACE) {
      return true;
    }
    return standard == PropertiesInterface.INTERFACE ? tree.isObject(path) : tree.exists(path);
  }

  /// Whether its methods answer without any code of the user's, whatever is exported where.
  static boolean asksNobody(Interface subject) {
    return subject == PeerInterface.INTERFACE;
  }

  /// Whether, where there is no subtree, its methods only look things up, so that they are answered
  /// at once, on the thread that reads, however busy the handlers are. Properties are not: getters
  /// are the user's.
  static boolean answersAtOnce(Interface subject) {
    return subject == PeerInterface.INTERFACE || subject == IntrospectableInterface.INTERFACE;
  }
}
