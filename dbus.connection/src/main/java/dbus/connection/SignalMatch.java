package dbus.connection;

import dbus.wire.BasicType;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Type;
import dbus.wire.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Which signals a subscriber wants: those for which all that is said here holds. Immutable.
///
/// ```java
/// SignalMatch.all().interfaceName("com.example.Counter1").member("Counted").path("/counters/1")
/// ```
///
/// The sender is not asked about: between two peers there is only one, and what a message says of
/// it has been checked by nobody. D-Bus Specification, "Match Rules".
public final class SignalMatch {

  /// The highest number of an argument that can be asked about.
  public static final int MAX_ARGUMENT = 63;

  private static final SignalMatch ALL =
      new SignalMatch(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  private final Optional<ObjectPath> path;
  private final Optional<ObjectPath> pathNamespace;
  private final Optional<InterfaceName> interfaceName;
  private final Optional<MemberName> member;

  /// By the number of the argument, from 0.
  private final Map<Integer, Predicate<Value>> arguments;

  private SignalMatch(
      Optional<ObjectPath> path,
      Optional<ObjectPath> pathNamespace,
      Optional<InterfaceName> interfaceName,
      Optional<MemberName> member,
      Map<Integer, Predicate<Value>> arguments) {
    this.path = path;
    this.pathNamespace = pathNamespace;
    this.interfaceName = interfaceName;
    this.member = member;
    this.arguments = arguments;
  }

  /// Every signal of the peer.
  public static SignalMatch all() {
    return ALL;
  }

  /// From this object alone.
  ///
  /// @throws IllegalArgumentException if the path is not valid
  public SignalMatch path(String path) {
    return new SignalMatch(
        Optional.of(new ObjectPath(path)), pathNamespace, interfaceName, member, arguments);
  }

  /// From this object and all below it: `/a` wants `/a` and `/a/b`, and not `/ab`.
  ///
  /// @throws IllegalArgumentException if the path is not valid
  public SignalMatch pathNamespace(String path) {
    return new SignalMatch(
        this.path, Optional.of(new ObjectPath(path)), interfaceName, member, arguments);
  }

  /// Of this interface.
  ///
  /// @throws IllegalArgumentException if the name is not valid
  public SignalMatch interfaceName(String name) {
    return new SignalMatch(
        path, pathNamespace, Optional.of(new InterfaceName(name)), member, arguments);
  }

  /// Of this name.
  ///
  /// @throws IllegalArgumentException if the name is not valid
  public SignalMatch member(String name) {
    return new SignalMatch(
        path, pathNamespace, interfaceName, Optional.of(new MemberName(name)), arguments);
  }

  /// With this text as an argument, which must be a STRING.
  ///
  /// @param number of the argument, from 0 to [#MAX_ARGUMENT]
  public SignalMatch argument(int number, String text) {
    return argument(
        number, value -> value instanceof Value.Str(String found) && found.equals(text));
  }

  /// With a path as an argument, a STRING or an OBJECT_PATH, that is this one; or, where either of
  /// the two ends in `/`, is above or below the other: `/aa/` wants `/`, `/aa/` and `/aa/b`.
  ///
  /// @param number of the argument, from 0 to [#MAX_ARGUMENT]
  public SignalMatch argumentPath(int number, String path) {
    return argument(
        number,
        value ->
            switch (value) {
              case Value.Str(String found) -> related(path, found);
              case Value.Path(ObjectPath found) -> related(path, found.value());
              default -> false;
            });
  }

  /// With a name as the first argument, a STRING, that is this one or begins with it and a dot:
  /// `com.example` wants `com.example` and `com.example.a`, and not `com.examples`.
  public SignalMatch argument0Namespace(String namespace) {
    return argument(
        0,
        value ->
            value instanceof Value.Str(String found)
                && (found.equals(namespace) || found.startsWith(namespace + ".")));
  }

  private SignalMatch argument(int number, Predicate<Value> wanted) {
    if (number < 0 || number > MAX_ARGUMENT) {
      throw new IllegalArgumentException(
          "the number of an argument is 0 to " + MAX_ARGUMENT + ", not " + number);
    }
    Map<Integer, Predicate<Value>> more = new TreeMap<>(arguments);
    more.merge(number, wanted, Predicate::and);
    return new SignalMatch(path, pathNamespace, interfaceName, member, more);
  }

  private static boolean related(String one, String other) {
    return one.equals(other)
        || (one.endsWith("/") && other.startsWith(one))
        || (other.endsWith("/") && one.startsWith(other));
  }

  /// Whether all of it holds for a signal.
  public boolean matches(Signal signal) {
    return wants(path, signal.path())
        && wants(interfaceName, signal.interfaceName())
        && wants(member, signal.member())
        && pathNamespace.map(above -> isAtOrBelow(above, signal.path())).orElse(true)
        && matchesArguments(signal);
  }

  private static boolean isAtOrBelow(ObjectPath above, ObjectPath path) {
    return above.equals(path) || above.isAncestorOf(path);
  }

  private static <T> boolean wants(Optional<T> wanted, T found) {
    return wanted.isEmpty() || wanted.get().equals(found);
  }

  private boolean matchesArguments(Signal signal) {
    if (arguments.isEmpty()) {
      return true;
    }
    Body body = signal.body();
    List<Type> types = body.signature().types();
    return arguments.entrySet().stream()
        .allMatch(wanted ->
            wanted.getKey() < types.size()
                && text(types.get(wanted.getKey()), body, wanted.getKey())
                    .filter(wanted.getValue())
                    .isPresent());
  }

  /// All conditions are about texts: of whatever else a peer sends, no object is made (SEC-39).
  private static Optional<Value> text(Type type, Body body, int number) {
    if (type.equals(BasicType.STRING)) {
      return Optional.of(new Value.Str(body.reader(number).readString()));
    }
    return type.equals(BasicType.OBJECT_PATH)
        ? Optional.of(new Value.Path(body.reader(number).readObjectPath()))
        : Optional.empty();
  }
}
