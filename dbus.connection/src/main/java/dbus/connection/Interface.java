package dbus.connection;

import dbus.connection.introspection.InterfaceInfo;
import dbus.connection.introspection.MethodInfo;
import dbus.connection.reading.Pace;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Signature;
import java.util.Map;
import java.util.Optional;

/// An interface with what it does: its description, a handler for each method, and its properties.
///
/// Immutable, and free to be exported at many paths, on many connections. Made by [#named]:
///
/// ```java
/// Interface greeter =
///     Interface.named("com.example.Greeter1")
///         .method("Greet", in("name", STRING), out("greeting", STRING), name -> "Hello, " + name)
///         .property("Version", STRING, () -> "1.0")
///         .build();
/// ```
public final class Interface {

  private final InterfaceInfo info;
  private final Map<MemberName, Method> methods;
  private final Map<String, DeclaredSignal> signals;
  private final Map<String, Property<?>> properties;
  private final Pace paceOfProperties = new Pace();

  Interface(
      InterfaceInfo info,
      Map<MemberName, Method> methods,
      Map<String, DeclaredSignal> signals,
      Map<String, Property<?>> properties) {
    this.info = info;
    this.methods = Map.copyOf(methods);
    this.signals = Map.copyOf(signals);
    this.properties = properties;
  }

  /// Begins an interface.
  ///
  /// @throws IllegalArgumentException if the name is not a valid interface name
  public static InterfaceBuilder named(String name) {
    return new InterfaceBuilder(new InterfaceName(name));
  }

  /// Its name.
  public InterfaceName name() {
    return info.name();
  }

  /// As introspection data.
  public InterfaceInfo info() {
    return info;
  }

  Optional<Method> method(MemberName name) {
    return Optional.ofNullable(methods.get(name));
  }

  /// A signal that it may emit.
  Optional<DeclaredSignal> signal(String name) {
    return Optional.ofNullable(signals.get(name));
  }

  Optional<Property<?>> property(String name) {
    return Optional.ofNullable(properties.get(name));
  }

  /// In the order in which they were described.
  Iterable<Property<?>> properties() {
    return properties.values();
  }

  /// How long its getters and setters take, wherever it is exported.
  Pace paceOfProperties() {
    return paceOfProperties;
  }

  @Override
  public String toString() {
    return "Interface " + info.name();
  }

  /// A signal, with the types of its arguments.
  record DeclaredSignal(MemberName name, Signature arguments) {}

  /// A method ready to be called: the signature is compared with the call's before the handler
  /// runs.
  ///
  /// @param concurrent whether it holds up nobody once it has begun
  record Method(
      MethodInfo info,
      Signature in,
      Signature out,
      Handler handler,
      Pace pace,
      boolean concurrent) {

    Method guardedBy(Authorizer authorizer) {
      return new Method(info, in, out, call -> handleIfAllowed(authorizer, call), pace, concurrent);
    }

    Method asConcurrent() {
      return new Method(info, in, out, handler, pace, true);
    }

    private void handleIfAllowed(Authorizer authorizer, Invocation call) throws Exception {
      if (authorizer.authorize(call)) {
        handler.handle(call);
      } else if (!call.isAnswered()) {
        call.fail(
            ErrorName.ACCESS_DENIED,
            "%s.%s is not for this caller".formatted(call.interfaceName(), call.member()));
      }
    }
  }
}
