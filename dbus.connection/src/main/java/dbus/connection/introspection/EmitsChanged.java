package dbus.connection.introspection;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What the peers are told when a property changes. D-Bus Specification, annotation
/// `org.freedesktop.DBus.Property.EmitsChangedSignal`.
public enum EmitsChanged {
  /// `PropertiesChanged` with the new value; the default.
  TRUE("true"),
  /// `PropertiesChanged` with the name alone: the value is to be asked for.
  INVALIDATES("invalidates"),
  /// The value never changes while the object lives.
  CONST("const"),
  /// It may change, and nobody is told.
  FALSE("false");

  private final String text;

  EmitsChanged(String text) {
    this.text = text;
  }

  /// The value of the annotation.
  public String text() {
    return text;
  }

  /// What the annotations of a property or an interface say of it; nothing if they do not, or say
  /// what the specification does not know.
  static Optional<EmitsChanged> in(Map<String, String> annotations) {
    String said = annotations.get(Annotations.EMITS_CHANGED);
    return Stream.of(values()).filter(one -> one.text.equals(said)).findFirst();
  }
}
