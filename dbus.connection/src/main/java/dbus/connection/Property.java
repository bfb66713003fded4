package dbus.connection;

import dbus.connection.introspection.EmitsChanged;
import dbus.connection.introspection.PropertyInfo;
import dbus.connection.introspection.PropertyInfo.Access;
import dbus.wire.Codec;
import dbus.wire.Signature;
import java.util.Map;
import java.util.Optional;

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
  private final EmitsChanged emitsChanged;

  private Property(
      String name,
      Codec<T> codec,
      Optional<Getter<T>> getter,
      Optional<Setter<T>> setter,
      EmitsChanged emitsChanged) {
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
    return new Property<>(name, codec, Optional.of(getter), Optional.empty(), EmitsChanged.TRUE);
  }

  /// Peers may read and set it.
  public static <T> Property<T> readWrite(
      String name, Codec<T> codec, Getter<T> getter, Setter<T> setter) {
    return new Property<>(name, codec, Optional.of(getter), Optional.of(setter), EmitsChanged.TRUE);
  }

  /// Peers may set it, and never see its value.
  public static <T> Property<T> writeOnly(String name, Codec<T> codec, Setter<T> setter) {
    return new Property<>(name, codec, Optional.empty(), Optional.of(setter), EmitsChanged.FALSE);
  }

  /// The same property with another rule for what the peers are told when it changes; the default
  /// is [EmitsChanged#TRUE], of a write-only one [EmitsChanged#FALSE].
  public Property<T> emits(EmitsChanged rule) {
    return new Property<>(name, codec, getter, setter, rule);
  }

  /// What peers call it.
  public String name() {
    return name;
  }

  /// As introspection data.
  public PropertyInfo info() {
    Access access =
        setter.isEmpty() ? Access.READ : getter.isEmpty() ? Access.WRITE : Access.READWRITE;
    // A write-only property has no value to tell of: no annotation is needed to say so.
    EmitsChanged shown = getter.isEmpty() ? EmitsChanged.TRUE : emitsChanged;
    return new PropertyInfo(name, codec.type(), access, shown, Map.of());
  }

  Codec<T> codec() {
    return codec;
  }

  Optional<Getter<T>> getter() {
    return getter;
  }

  Optional<Setter<T>> setter() {
    return setter;
  }

  EmitsChanged emitsChanged() {
    return emitsChanged;
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
    /// Takes a value of the right type; may refuse it by throwing a [DBusErrorException].
    void set(T value) throws Exception;
  }
}
