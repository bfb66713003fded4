package dbus.connection.introspection;

import dbus.wire.InterfaceName;
import java.util.List;
import java.util.Map;

/// An interface as a peer sees it. D-Bus Specification, "Introspection Data Format".
///
/// @param annotations by name, in order
public record InterfaceInfo(
    InterfaceName name,
    List<MethodInfo> methods,
    List<SignalInfo> signals,
    List<PropertyInfo> properties,
    Map<String, String> annotations) {

  /// Copies the lists and the annotations.
  public InterfaceInfo {
    methods = List.copyOf(methods);
    signals = List.copyOf(signals);
    properties = List.copyOf(properties);
    annotations = Annotations.copyOf(annotations);
  }
}
