package dbus.connection.introspection;

import dbus.wire.InterfaceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An object as a peer sees it: its interfaces, and the objects below it. D-Bus Specification,
/// "Introspection Data Format".
///
/// @param name of the outermost node, if it has one, its absolute path; of a child one or more
///   elements of a path, relative to its parent
/// @param children most have nothing but a name, and are introspected by themselves
/// @param annotations by name, in order
public record NodeInfo(
    Optional<String> name,
    List<InterfaceInfo> interfaces,
    List<NodeInfo> children,
    Map<String, String> annotations) {

  /// Copies the lists and the annotations.
  public NodeInfo {
    interfaces = List.copyOf(interfaces);
    children = List.copyOf(children);
    annotations = Annotations.copyOf(annotations);
  }

  /// An object whose children are told by their names alone.
  public static NodeInfo of(List<InterfaceInfo> interfaces, List<String> children) {
    return new NodeInfo(
        Optional.empty(), interfaces, children.stream().map(NodeInfo::child).toList(), Map.of());
  }

  private static NodeInfo child(String name) {
    return new NodeInfo(Optional.of(name), List.of(), List.of(), Map.of());
  }

  /// Reads what a peer's `Introspect` returned.
  ///
  /// Elements and attributes that this library does not know are passed over, and so are text and
  /// comments. There is no DTD and no entity that could be fetched or grow: a document type is
  /// passed over unread, and only the entities of XML itself are known. At most
  /// [InvalidIntrospectionException#MAX_LENGTH] characters are taken, and nodes that are nested
  /// [InvalidIntrospectionException#MAX_DEPTH] deep.
  ///
  /// @throws InvalidIntrospectionException if it is not introspection data; it tells the line
  public static NodeInfo parse(String xml) throws InvalidIntrospectionException {
    return IntrospectionParser.parse(xml);
  }

  /// The XML that `org.freedesktop.DBus.Introspectable.Introspect` returns; well-formed for every
  /// node, the same text for equal nodes. What XML cannot hold, such as control characters, is
  /// written as U+FFFD.
  public String toXml() {
    return new IntrospectionXml().document(this);
  }

  /// The names of the children that have one.
  public List<String> childNames() {
    return children.stream().flatMap(child -> child.name().stream()).toList();
  }

  /// The interface of that name.
  public Optional<InterfaceInfo> findInterface(InterfaceName name) {
    return interfaces.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
