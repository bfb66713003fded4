package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.listOf;
import static dbus.wire.Codec.mapOf;

import dbus.connection.introspection.EmitsChanged;
import dbus.connection.reading.Pace;
import dbus.connection.threads.LimitedLog;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.InterfaceName;
import dbus.wire.MethodCall;
import dbus.wire.Signature;
import dbus.wire.Type;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.lang.System.Logger.Level;
import java.util.Collection;
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

  private static final LimitedLog LOG = LimitedLog.of(PropertiesInterface.class);

  static final Codec<Map<String, Value>> PROPERTY_MAP = mapOf(STRING, VARIANT);

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

  private PropertiesInterface() {}

  /// How long the getters and setters take that such a call needs: one that is slow is no reason to
  /// have those of all other objects run on other threads.
  ///
  /// @param ifNone for a call that will be refused
  static Pace pace(MethodCall call, ObjectTree objects, Pace ifNone) {
    String name = STRING.read(call.body().reader());
    if (!name.isEmpty()) {
      return InterfaceName.isValid(name)
          ? objects
              .find(call.path(), new InterfaceName(name))
              .map(site -> site.subject().paceOfProperties())
              .orElse(ifNone)
          : ifNone;
    }
    Pace slowest = ifNone;
    for (Site one : objects.at(call.path())) {
      if (slowest == ifNone || !one.subject().paceOfProperties().isQuick()) {
        slowest = one.subject().paceOfProperties();
      }
    }
    return slowest;
  }

  private static void get(Invocation call) throws Exception {
    WireReader arguments = call.reader();
    Found<?> found = find(call, STRING.read(arguments), STRING.read(arguments));
    Value value =
        found
            .property()
            .value()
            .orElseThrow(() -> found.fault(Fault.NOT_READABLE, "is write-only"));
    call.reply(Body.of(VARIANT, value));
  }

  private static void getAll(Invocation call) throws Exception {
    Map<String, Value> values = new LinkedHashMap<>();
    for (Site one : sites(call, STRING.read(call.reader()))) {
      for (Property<?> property : one.subject().properties()) {
        try {
          property.value().ifPresent(value -> values.putIfAbsent(property.name(), value));
        } catch (InterruptedException e) {
          throw e;
        } catch (Throwable e) {
          // The others are still wanted; whoever asks for this one alone gets its error.
          LOG.warning(
              "GetAll at %s leaves out %s.%s, whose getter failed"
                  .formatted(call.path(), one.subject().name(), property.name()),
              e);
        }
      }
    }
    call.reply(Body.of(PROPERTY_MAP, values));
  }

  private static void set(Invocation call) throws Exception {
    WireReader arguments = call.reader();
    Found<?> found = find(call, STRING.read(arguments), STRING.read(arguments));
    if (found.write(call, arguments)) {
      Site site = found.site();
      site.tree().announce(call.path(), site.subject(), List.of(found.property()));
    }
    call.reply();
  }

  private static Collection<Site> sites(Invocation call, String name) throws DBusErrorException {
    if (name.isEmpty()) {
      return call.objects().at(call.path());
    }
    return List.of(
        Optional.of(name)
            .filter(InterfaceName::isValid)
            .flatMap(valid -> call.objects().find(call.path(), new InterfaceName(valid)))
            .orElseThrow(() ->
                Fault.NO_INTERFACE_OF_PROPERTY.exception(
                    "the object %s has no interface \"%s\"".formatted(call.path(), name))));
  }

  private static Found<?> find(Invocation call, String interfaceName, String name)
      throws DBusErrorException {
    for (Site one : sites(call, interfaceName)) {
      Optional<Property<?>> property = one.subject().property(name);
      if (property.isPresent()) {
        return new Found<>(one, property.get());
      }
    }
    String where = interfaceName.isEmpty() ? "object " + call.path() : "interface " + interfaceName;
    throw Fault.NO_PROPERTY.exception("the %s has no property \"%s\"".formatted(where, name));
  }

  /// A property, and where it was found.
  private record Found<T>(Site site, Property<T> property) {

    /// Sets it to what is in the variant that comes next, of which no object is made unless it has
    /// the right type; says whether peers are to be told.
    boolean write(Invocation call, WireReader arguments) throws Exception {
      Property.Setter<T> setter =
          property.setter().orElseThrow(() -> fault(Fault.NOT_WRITABLE, "is read-only"));
      Type type = property.codec().type();
      Signature given = arguments.peekVariant();
      if (!given.isExactly(type)) {
        throw fault(
            Fault.WRONG_TYPE_OF_PROPERTY, "is of type \"%s\", not \"%s\"".formatted(type, given));
      }
      arguments.enterVariant();
      // A getter may be dear: it is asked only where peers are told the value.
      boolean toldItsValue =
          site.subject().info().emitsChanged(property.info()) == EmitsChanged.TRUE;
      Optional<Value> before = toldItsValue ? valueIfReadable() : Optional.empty();
      set(call, setter, arguments);
      return property.isReadable() && (!toldItsValue || !valueIfReadable().equals(before));
    }

    private void set(Invocation call, Property.Setter<T> setter, WireReader from) throws Exception {
      var _ =
          PeersValue.taken(
              call,
              () -> {
                setter.set(property.codec().read(from));
                return true;
              },
              "the property %s.%s".formatted(site.subject().name(), property.name()));
    }

    /// A getter that fails is no reason not to set the property.
    private Optional<Value> valueIfReadable() throws InterruptedException {
      try {
        return property.value();
      } catch (InterruptedException e) {
        throw e;
      } catch (Throwable e) {
        LOG.log(Level.DEBUG, property.name() + " cannot be read", e);
        return Optional.empty();
      }
    }

    DBusErrorException fault(Fault fault, String what) {
      return fault.exception(
          "the property %s.%s %s".formatted(site.subject().name(), property.name(), what));
    }
  }
}
