package dbus.connection;

import dbus.connection.introspection.Annotations;
import dbus.connection.introspection.EmitsChanged;
import dbus.connection.introspection.PropertyInfo;
import dbus.connection.introspection.PropertyInfo.Access;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.Signature;
import dbus.wire.Value;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A property of an interface: what it is called, and how it is read and set. Immutable.
///
/// Getters and setters may be called from several threads at a time. What a setter throws is the
/// answer to `Set`, as with a [Handler]. A property has a value that can be read again and again:
/// it cannot be, or contain, a file descriptor.
///
/// @param <T> the Java type of its values
public final class Property<T> {

  private final String name;
  private final Codec<T> codec;
  private final Optional<Getter<T>> getter;
  private final Optional<Setter<T>> setter;
  private final Optional<EmitsChanged> emitsChanged;

  private Property(
      String name,
      Codec<T> codec,
      Optional<Getter<T>> getter,
      Optional<Setter<T>> setter,
      Optional<EmitsChanged> emitsChanged) {
    if (Signature.of(codec.type()).toString().indexOf('h') >= 0) {
      throw new IllegalArgumentException(
          "the property \"%s\" is a file descriptor; a method can return one, a property cannot"
              .formatted(name));
    }
    this.name = name;
    this.codec = codec;
    this.getter = getter;
    this.setter = setter;
    this.emitsChanged = emitsChanged;
  }

  /// Peers may read it.
  public static <T> Property<T> readOnly(String name, Codec<T> codec, Getter<T> getter) {
    return new Property<>(name, codec, Optional.of(getter), Optional.empty(), Optional.empty());
  }

  /// Peers may read and set it.
  public static <T> Property<T> readWrite(
      String name, Codec<T> codec, Getter<T> getter, Setter<T> setter) {
    return new Property<>(name, codec, Optional.of(getter), Optional.of(setter), Optional.empty());
  }

  /// Peers may set it, and never see its value.
  public static <T> Property<T> writeOnly(String name, Codec<T> codec, Setter<T> setter) {
    return new Property<>(name, codec, Optional.empty(), Optional.of(setter), Optional.empty());
  }

  /// The same property with a rule of its own for what the peers are told when it changes. By
  /// default it follows its interface, see [InterfaceBuilder#emits]. Of a write-only one they are
  /// told nothing, whatever the rule.
  public Property<T> emits(EmitsChanged rule) {
    return new Property<>(name, codec, getter, setter, Optional.of(rule));
  }

  /// What peers call it.
  public String name() {
    return name;
  }

  /// As introspection data.
  public PropertyInfo info() {
    Access access =
        setter.isEmpty() ? Access.READ : getter.isEmpty() ? Access.WRITE : Access.READWRITE;
    Map<String, String> annotations =
        emitsChanged.map(rule -> Map.of(Annotations.EMITS_CHANGED, rule.text())).orElse(Map.of());
    return new PropertyInfo(name, codec.type(), access, annotations);
  }

  boolean isReadable() {
    return getter.isPresent();
  }

  /// Its value now, as a peer gets it; nothing if peers may not read it.
  Optional<Value> value() throws Exception {
    return getter.isPresent() ? Optional.of(toValue(getter.get().get())) : Optional.empty();
  }

  private Value toValue(@Nullable T value) {
    if (value == null) {
      throw new NullPointerException(
          "the getter of the property \"%s\" returned null, and not a \"%s\""
              .formatted(name, codec.type()));
    }
    return Body.of(codec, value).values().getFirst();
  }

  Codec<T> codec() {
    return codec;
  }

  Optional<Setter<T>> setter() {
    return setter;
  }

  /// Reads a property.
  @FunctionalInterface
  public interface Getter<T> {
    /// The value now.
    T get() throws Exception;
  }

  /// Sets a property.
  @FunctionalInterface
  public interface Setter<T> {
    /// Takes a value of the right type. May refuse it by throwing a [DBusErrorException], or an
    /// [IllegalArgumentException], which is told as `org.freedesktop.DBus.Error.InvalidArgs`.
    void set(T value) throws Exception;
  }
}
