package dbus.connection.introspection;

import dbus.wire.MemberName;
import java.util.List;
import java.util.Map;

/// A signal as a peer sees it. D-Bus Specification, "Introspection Data Format".
///
/// @param args in order
/// @param annotations by name, in order
public record SignalInfo(MemberName name, List<ArgInfo> args, Map<String, String> annotations) {

  /// Copies the list and the annotations.
  public SignalInfo {
    args = List.copyOf(args);
    annotations = Annotations.copyOf(annotations);
  }
}
