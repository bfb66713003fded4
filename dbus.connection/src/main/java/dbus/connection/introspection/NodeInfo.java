package dbus.connection.introspection;

import java.util.List;

/// An object as a peer sees it: its interfaces, and the names of the objects below it. D-Bus
/// Specification, "Introspection Data Format".
///
/// @param children each one element of a path, relative to this node
public record NodeInfo(List<InterfaceInfo> interfaces, List<String> children) {

  /// Copies the lists.
  public NodeInfo {
    interfaces = List.copyOf(interfaces);
    children = List.copyOf(children);
  }

  /// The XML that `org.freedesktop.DBus.Introspectable.Introspect` returns; well-formed for every
  /// node, the same text for equal nodes.
  public String toXml() {
    return new IntrospectionXml().node(this);
  }
}
