package dbus.connection;

import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.listOf;

import dbus.connection.introspection.EmitsChanged;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Signature;
import dbus.wire.Value;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Sends `PropertiesChanged` for the objects of one tree. D-Bus Specification, "Standard
/// Interfaces".
///
/// The last value that peers are told must be the last one that there was, though several threads
/// change a property and tell of it. A lock around getter and sending would bring that about, and a
/// deadlock with the locks that getters take. So whoever announces draws a number first, then reads
/// the values, then shows the signal to the filters, then sends what they leave under a lock in
/// which no code of the application's runs. A value whose number is lower than that of one sent
/// already is left out; where that shows only under the lock, the signal is made anew, without it.
/// It is not missed: the value sent was read after its own, higher, number was drawn, and so after
/// the change that the lower one is about.
final class Announcements {

  private static final Logger LOG = System.getLogger(Announcements.class.getName());

  private static final MemberName PROPERTIES_CHANGED = new MemberName("PropertiesChanged");
  private static final Signature SIGNATURE = Signature.parse("sa{sv}as");

  private final ObjectTree tree;
  private final AtomicLong numbers = new AtomicLong();

  /// Kept while somebody announces, since only then can a number come too late.
  private final Map<Subject, Flight> flights = new ConcurrentHashMap<>();

  Announcements(ObjectTree tree) {
    this.tree = tree;
  }

  /// One interface at one path.
  private record Subject(ObjectPath path, InterfaceName name) {}

  /// The announcements of one interface that are under way.
  private static final class Flight {

    /// Changed in the map's own step alone.
    private int announcers;

    /// By property; guarded by the lock of this flight.
    private final Map<String, Long> lastSent = new HashMap<>();

    private boolean hasNewer(Collection<String> properties, long number) {
      return properties.stream().anyMatch(name -> lastSent.getOrDefault(name, 0L) > number);
    }

    private void sent(Collection<String> properties, long number) {
      properties.forEach(name -> lastSent.put(name, number));
    }
  }

  void announce(ObjectPath path, Interface subject, Collection<Property<?>> properties) {
    Subject key = new Subject(path, subject.name());
    Flight flight =
        flights.compute(
            key,
            (same, present) -> {
              Flight one = present == null ? new Flight() : present;
              one.announcers++;
              return one;
            });
    try {
      long number = numbers.incrementAndGet();
      Map<String, Value> changed = new LinkedHashMap<>();
      List<String> invalidated = new ArrayList<>();
      read(subject, properties, changed, invalidated);
      send(path, subject, flight, number, changed, invalidated);
    } finally {
      flights.computeIfPresent(key, (same, present) -> --present.announcers == 0 ? null : present);
    }
  }

  private void send(
      ObjectPath path,
      Interface subject,
      Flight flight,
      long number,
      Map<String, Value> changed,
      List<String> invalidated) {
    while (!changed.isEmpty() || !invalidated.isEmpty()) {
      List<Runnable> sending =
          tree.prepare(path, subject.name(), signal(path, subject, changed, invalidated));
      synchronized (flight) {
        if (!flight.hasNewer(changed.keySet(), number) && !flight.hasNewer(invalidated, number)) {
          flight.sent(changed.keySet(), number);
          flight.sent(invalidated, number);
          sending.forEach(Runnable::run);
          return;
        }
        changed.keySet().removeIf(name -> flight.hasNewer(List.of(name), number));
        invalidated.removeIf(name -> flight.hasNewer(List.of(name), number));
      }
    }
  }

  private static void read(
      Interface subject,
      Collection<Property<?>> properties,
      Map<String, Value> changed,
      List<String> invalidated) {
    for (Property<?> property : properties) {
      EmitsChanged rule = subject.info().emitsChanged(property.info());
      switch (rule) {
        case TRUE -> {
          try {
            changed.put(property.name(), property.value().orElseThrow());
          } catch (Throwable e) {
            // Whoever asks for the value gets the error; what they have kept is wrong anyway.
            LOG.log(Level.DEBUG, subject.name() + "." + property.name() + " cannot be read", e);
            invalidated.add(property.name());
          }
        }
        case INVALIDATES -> invalidated.add(property.name());
        case CONST, FALSE -> {}
      }
    }
  }

  private static Signal signal(
      ObjectPath path, Interface subject, Map<String, Value> changed, List<String> invalidated) {
    Body body =
        Body.write(
            SIGNATURE,
            writer -> {
              STRING.write(writer, subject.name().value());
              PropertiesInterface.PROPERTY_MAP.write(writer, changed);
              listOf(STRING).write(writer, invalidated);
            });
    return Signal.of(path, PropertiesInterface.INTERFACE.name(), PROPERTIES_CHANGED).withBody(body);
  }
}
