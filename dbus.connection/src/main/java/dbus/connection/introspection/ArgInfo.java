package dbus.connection.introspection;

import dbus.wire.Type;
import java.util.Map;
import java.util.Optional;

/// One argument of a method or a signal. D-Bus Specification, "Introspection Data Format".
///
/// @param name for people and tools; calls do not depend on it
/// @param type one complete type
/// @param annotations by name, in order
public record ArgInfo(Optional<String> name, Type type, Map<String, String> annotations) {

  /// Copies the annotations.
  public ArgInfo {
    annotations = Annotations.copyOf(annotations);
  }

  /// An argument with a name and no annotations.
  public static ArgInfo of(String name, Type type) {
    return new ArgInfo(Optional.of(name), type, Map.of());
  }
}
