package dbus.connection;

import dbus.connection.reading.Pace;
import dbus.wire.InterfaceName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a call means: a method of an interface at a path.
///
/// @param site where the interface was found
record Target(Site site, Interface.Method method) {

  Interface subject() {
    return site.subject();
  }

  /// How long its handler takes, where no subtree is asked.
  Pace pace(MethodCall call, ObjectTree objects) {
    return subject() == PropertiesInterface.INTERFACE
        ? PropertiesInterface.pace(call, objects, method.pace())
        : method.pace();
  }

  /// How long its handler takes. Those of the standard interfaces ask the subtree again.
  ///
  /// @param finding how long the subtree takes
  Pace paceInSubtree(Pace finding) {
    return StandardInterfaces.find(subject().name()).isPresent() ? finding : method.pace();
  }

  /// Finds it: path, then interface and member, then the types of the arguments.
  ///
  /// @throws DBusErrorException if there is none; it says what is missing
  static Target of(MethodCall call, ObjectTree objects) throws DBusErrorException {
    Target target =
        call.interfaceName().isPresent()
            ? byInterface(call, objects)
            : byMemberAlone(call, objects);
    if (!call.body().signature().equals(target.method().in())) {
      throw Fault.WRONG_ARGUMENTS.exception(
          "%s.%s takes \"%s\", not \"%s\""
              .formatted(
                  target.subject().name(),
                  call.member(),
                  target.method().in(),
                  call.body().signature()));
    }
    return target;
  }

  private static Target byInterface(MethodCall call, ObjectTree objects) throws DBusErrorException {
    InterfaceName name = call.interfaceName().orElseThrow();
    Optional<Site> site = objects.find(call.path(), name);
    if (site.isEmpty()) {
      requireObject(call.path(), objects);
      throw Fault.NO_INTERFACE.exception(
          "the object %s has no interface %s".formatted(call.path(), name));
    }
    Interface.Method method =
        site.get().subject().method(call.member()).orElseThrow(() -> unknownMethod(call));
    return new Target(site.get(), method);
  }

  /// Without an interface the member must be unmistakable: to take any of several would make the
  /// outcome a matter of chance. What an object has by itself is meant only where it has no such
  /// member of its own.
  private static Target byMemberAlone(MethodCall call, ObjectTree objects)
      throws DBusErrorException {
    List<Target> found = new ArrayList<>();
    for (Site one : objects.at(call.path())) {
      one.subject().method(call.member()).ifPresent(method -> found.add(new Target(one, method)));
    }
    if (found.size() > 1) {
      throw Fault.NO_METHOD.exception(
          "%s interfaces of %s have the method %s: name one of them"
              .formatted(found.size(), call.path(), call.member()));
    }
    return found.isEmpty() ? byMemberOfStandard(call, objects) : found.getFirst();
  }

  private static Target byMemberOfStandard(MethodCall call, ObjectTree objects)
      throws DBusErrorException {
    for (Interface one : StandardInterfaces.at(objects, call.path())) {
      Optional<Interface.Method> method = one.method(call.member());
      if (method.isPresent()) {
        return new Target(new Site(one, objects, Optional.empty()), method.get());
      }
    }
    requireObject(call.path(), objects);
    throw unknownMethod(call);
  }

  private static void requireObject(ObjectPath path, ObjectTree objects) throws DBusErrorException {
    if (!objects.exists(path)) {
      throw Fault.NO_OBJECT.exception("there is no object at " + path);
    }
  }

  private static DBusErrorException unknownMethod(MethodCall call) {
    String where = call.interfaceName().map(name -> "the interface " + name).orElse("the object");
    return Fault.NO_METHOD.exception(
        "%s has no method %s (at %s)".formatted(where, call.member(), call.path()));
  }
}
