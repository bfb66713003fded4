package dbus.connection.introspection;

import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /// The method of that name.
  public Optional<MethodInfo> method(MemberName name) {
    return methods.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /// The signal of that name.
  public Optional<SignalInfo> signal(MemberName name) {
    return signals.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /// The property of that name.
  public Optional<PropertyInfo> property(String name) {
    return properties.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /// What the peers are told when a property of this interface changes: what the property says,
  /// else what the interface says, else [EmitsChanged#TRUE]. Of what nobody may read, nothing is
  /// told.
  public EmitsChanged emitsChanged(PropertyInfo property) {
    if (!property.access().isReadable()) {
      return EmitsChanged.FALSE;
    }
    return property.emitsChanged().or(() -> EmitsChanged.in(annotations)).orElse(EmitsChanged.TRUE);
  }

  /// As XML: the element `interface` alone.
  public String toXml() {
    return new IntrospectionXml().fragment(this);
  }
}
