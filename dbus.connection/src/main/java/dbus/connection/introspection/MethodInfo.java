package dbus.connection.introspection;

import dbus.wire.MemberName;
import java.util.List;
import java.util.Map;

/// A method as a peer sees it. D-Bus Specification, "Introspection Data Format".
///
/// @param in the arguments of the call, in order
/// @param out the arguments of the reply, in order
/// @param annotations by name, in order
public record MethodInfo(
    MemberName name, List<ArgInfo> in, List<ArgInfo> out, Map<String, String> annotations) {

  /// Copies the lists and the annotations.
  public MethodInfo {
    in = List.copyOf(in);
    out = List.copyOf(out);
    annotations = Annotations.copyOf(annotations);
  }
}
