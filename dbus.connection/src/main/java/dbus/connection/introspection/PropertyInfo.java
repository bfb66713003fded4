package dbus.connection.introspection;

import dbus.wire.Type;
import java.util.Map;
import java.util.Optional;

/// A property as a peer sees it. D-Bus Specification, "Introspection Data Format".
///
/// @param name follows the rules of member names by convention only, so it is plain text here
/// @param annotations by name, in order
public record PropertyInfo(String name, Type type, Access access, Map<String, String> annotations) {

  /// Copies the annotations.
  public PropertyInfo {
    annotations = Annotations.copyOf(annotations);
  }

  /// What the property itself says of its changes; where it is silent its interface may say it, see
  /// [InterfaceInfo#emitsChanged].
  public Optional<EmitsChanged> emitsChanged() {
    return EmitsChanged.in(annotations);
  }

  /// What peers may do with a property.
  public enum Access {
    /// Read it.
    READ("read"),
    /// Set it.
    WRITE("write"),
    /// Both.
    READWRITE("readwrite");

    private final String text;

    Access(String text) {
      this.text = text;
    }

    /// The value of the attribute `access`.
    public String text() {
      return text;
    }

    /// Whether `Get` and `GetAll` give its value.
    public boolean isReadable() {
      return this != WRITE;
    }

    /// Whether `Set` is allowed.
    public boolean isWritable() {
      return this != READ;
    }
  }
}
