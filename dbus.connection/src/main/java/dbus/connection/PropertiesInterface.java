package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.listOf;
import static dbus.wire.Codec.mapOf;

import dbus.connection.introspection.PropertyInfo;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Type;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `org.freedesktop.DBus.Properties`, which reads and sets what the interfaces of an object
/// declare. D-Bus Specification, "Standard Interfaces".
///
/// The empty interface name stands for all interfaces of the object, in the order in which they
/// were exported. A `Set` that changes a value sends the signal first and its reply after it.
final class PropertiesInterface {

  private static final Logger LOG = System.getLogger(PropertiesInterface.class.getName());

  private static final Codec<Map<String, Value>> PROPERTY_MAP = mapOf(STRING, VARIANT);

  static final Interface INTERFACE =
      Interface.named("org.freedesktop.DBus.Properties")
          .method(
              "Get",
              List.of(in("interface_name", STRING), in("property_name", STRING)),
              List.of(out("value", VARIANT)),
              PropertiesInterface::get)
          .method(
              "GetAll",
              List.of(in("interface_name", STRING)),
              List.of(out("props", PROPERTY_MAP)),
              PropertiesInterface::getAll)
          .method(
              "Set",
              List.of(
                  in("interface_name", STRING), in("property_name", STRING), in("value", VARIANT)),
              List.of(),
              PropertiesInterface::set)
          .signal(
              "PropertiesChanged",
              out("interface_name", STRING),
              out("changed_properties", PROPERTY_MAP),
              out("invalidated_properties", listOf(STRING)))
          .build();

  private static final MemberName PROPERTIES_CHANGED = new MemberName("PropertiesChanged");

  private PropertiesInterface() {}

  private static void get(Invocation call) throws Exception {
    WireReader arguments = call.reader();
    Found<?> found = find(call, STRING.read(arguments), STRING.read(arguments));
    call.reply(Body.of(VARIANT, found.read().orElseThrow(found::notReadable)));
  }

  private static void getAll(Invocation call) throws Exception {
    Map<String, Value> values = new LinkedHashMap<>();
    for (Interface one : interfaces(call, STRING.read(call.reader()))) {
      for (Property<?> property : one.properties()) {
        try {
          var value = new Found<>(one, property).read();
          value.ifPresent(present -> values.putIfAbsent(property.name(), present));
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          // The others are still wanted; whoever asks for this one alone gets its error.
          LOG.log(Level.DEBUG, one.name() + "." + property.name() + " cannot be read", e);
        }
      }
    }
    call.reply(Body.of(PROPERTY_MAP, values));
  }

  private static void set(Invocation call) throws Exception {
    WireReader arguments = call.reader();
    Found<?> found = find(call, STRING.read(arguments), STRING.read(arguments));
    Value value = VARIANT.read(arguments);
    // One at a time, so that the last change announced is the last one made.
    synchronized (found.property()) {
      Optional<Signal> change = found.write(call.path(), value);
      change.ifPresent(signal -> call.objects().announce(call.path(), found.subject(), signal));
    }
    call.reply();
  }

  private static List<Interface> interfaces(Invocation call, String name)
      throws DBusErrorException {
    List<Interface> all = call.objects().at(call.path());
    if (name.isEmpty()) {
      return all;
    }
    Optional<Interface> one = Optional.empty();
    if (InterfaceName.isValid(name)) {
      InterfaceName wanted = new InterfaceName(name);
      one = call.objects().find(call.path(), wanted).or(() -> StandardInterfaces.find(wanted));
    }
    return List.of(
        one.orElseThrow(() ->
            Fault.NO_INTERFACE_OF_PROPERTY.exception(
                "the object %s has no interface \"%s\"".formatted(call.path(), name))));
  }

  private static Found<?> find(Invocation call, String interfaceName, String name)
      throws DBusErrorException {
    for (Interface one : interfaces(call, interfaceName)) {
      Optional<Property<?>> property = one.property(name);
      if (property.isPresent()) {
        return new Found<>(one, property.get());
      }
    }
    String where = interfaceName.isEmpty() ? "object " + call.path() : "interface " + interfaceName;
    throw Fault.NO_PROPERTY.exception("the %s has no property \"%s\"".formatted(where, name));
  }

  /// A property, and the interface that it was found in.
  private record Found<T>(Interface subject, Property<T> property) {

    /// Its value, or nothing if it may not be read.
    Optional<Value> read() throws Exception {
      if (property.getter().isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(toValue(property.getter().get().get()));
    }

    private Value toValue(T value) {
      return Body.of(property.codec(), value).values().getFirst();
    }

    /// Sets it; what the peers are to be told, if anything.
    Optional<Signal> write(ObjectPath path, Value value) throws Exception {
      PropertyInfo info = property.info();
      Property.Setter<T> setter =
          property.setter().orElseThrow(() -> error(Fault.NOT_WRITABLE, "is read-only"));
      Type type = info.type();
      if (!value.type().equals(type)) {
        throw error(
            Fault.WRONG_TYPE_OF_PROPERTY,
            "is of type \"%s\", not \"%s\"".formatted(type, value.type()));
      }
      Optional<Value> before = read();
      setter.set(property.codec().read(Body.of(value).reader()));
      Optional<Value> after = read();
      return after.isEmpty() || after.equals(before)
          ? Optional.empty()
          : changed(path, after.get());
    }

    private Optional<Signal> changed(ObjectPath path, Value value) {
      Map<String, Value> changed = Map.of();
      List<String> invalidated = List.of();
      switch (subject.info().emitsChanged(property.info())) {
        case TRUE -> changed = Map.of(property.name(), value);
        case INVALIDATES -> invalidated = List.of(property.name());
        case CONST, FALSE -> {
          return Optional.empty();
        }
      }
      Map<String, Value> finalChanged = changed;
      List<String> finalInvalidated = invalidated;
      Body body =
          Body.write(
              dbus.wire.Signature.parse("sa{sv}as"),
              writer -> {
                STRING.write(writer, subject.name().value());
                PROPERTY_MAP.write(writer, finalChanged);
                listOf(STRING).write(writer, finalInvalidated);
              });
      return Optional.of(Signal.of(path, INTERFACE.name(), PROPERTIES_CHANGED).withBody(body));
    }

    DBusErrorException notReadable() {
      return error(Fault.NOT_READABLE, "is write-only");
    }

    private DBusErrorException error(Fault fault, String what) {
      return fault.exception(
          "the property %s.%s %s".formatted(subject.name(), property.name(), what));
    }
  }
}
