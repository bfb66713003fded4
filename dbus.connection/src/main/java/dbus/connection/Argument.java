package dbus.connection;

import dbus.connection.introspection.ArgInfo;
import dbus.wire.Codec;
import java.util.Map;
import java.util.Optional;

/// An argument of a method or signal: its name, and how a Java type stands for its D-Bus type.
///
/// Meant for static import, so that an interface reads like its description:
///
/// ```java
/// .method("Greet", in("name", STRING), out("greeting", STRING), name -> "Hello, " + name)
/// ```
///
/// @param <T> the Java type of its values
public sealed interface Argument<T> {

  /// For people and tools that read the introspection data; calls do not depend on it.
  String name();

  /// How its values are read and written.
  Codec<T> codec();

  /// An argument that the caller gives.
  static <T> In<T> in(String name, Codec<T> codec) {
    return new In<>(name, codec);
  }

  /// An argument that the reply, or a signal, gives.
  static <T> Out<T> out(String name, Codec<T> codec) {
    return new Out<>(name, codec);
  }

  /// As introspection data.
  default ArgInfo info() {
    return new ArgInfo(
        name().isEmpty() ? Optional.empty() : Optional.of(name()), codec().type(), Map.of());
  }

  /// Given by the caller.
  ///
  /// @param name may be empty: then the introspection data has none
  record In<T>(String name, Codec<T> codec) implements Argument<T> {}

  /// Given by the reply or the signal.
  ///
  /// @param name may be empty: then the introspection data has none
  record Out<T>(String name, Codec<T> codec) implements Argument<T> {}
}
