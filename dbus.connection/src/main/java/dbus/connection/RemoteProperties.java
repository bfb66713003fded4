package dbus.connection;

import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.listOf;

import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Signature;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The properties of one interface of a peer's object.
///
/// ```java
/// try (RemoteProperties battery = peer.properties("/com/example/Battery", "com.example.Battery1")) {
///   battery.watch(change -> System.out.println(change.changed()));
///   long level = battery.get("Level", UINT32);
///   battery.set("Limit", UINT32, 80L);
/// }
/// ```
///
/// A value that the peer has told by `PropertiesChanged` is kept, and given without asking again,
/// until the peer tells another or says that it is no longer right. A property of which the peer
/// has told nothing yet, or never does, is asked for each time, so that no value is kept that may
/// change in silence. What a signal tells is kept when it comes, so that it is there when the reply
/// to a call comes that the peer answered after the signal; only those who [watch][#watch] are told
/// in their turn. All methods may be called from any thread that may block. D-Bus Specification,
/// "Standard Interfaces".
public final class RemoteProperties implements AutoCloseable {

  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
  private static final Signature CHANGED = Signature.parse("sa{sv}as");

  /// A peer could make up names for ever.
  private static final int MAX_KEPT = 1024;

  private final DBusConnection connection;
  private final ObjectPath path;
  private final InterfaceName interfaceName;
  private final Map<String, Value> kept = new ConcurrentHashMap<>();
  private final Subscription subscription;

  /// Nobody else can hold it: the thread that reads takes it.
  private final Object lock = new Object();

  /// Guarded by the lock.
  private boolean closed;

  RemoteProperties(DBusConnection connection, ObjectPath path, InterfaceName interfaceName) {
    this.connection = connection;
    this.path = path;
    this.interfaceName = interfaceName;
    this.subscription = connection.subscribeOnArrival(changes(), whenChange(this::keep));
  }

  /// What the peer has told of its properties.
  ///
  /// @param changed the new values, by name
  /// @param invalidated the names of those whose value is to be asked for
  public record Change(Map<String, Value> changed, List<String> invalidated) {

    /// Copies both.
    public Change {
      changed = Map.copyOf(changed);
      invalidated = List.copyOf(invalidated);
    }
  }

  /// The value of a property: the one that is kept, or else the peer is asked.
  ///
  /// @throws DBusErrorException if the peer replied with an error, or, by the name of
  ///   `org.freedesktop.DBus.Error.InvalidArgs`, if the value is of another type, or refused by the
  ///   codec
  /// @throws CallTimeoutException if no reply came in time
  /// @throws IOException if the connection has ended, or ends before the reply
  public <T> T get(String name, Codec<T> codec)
      throws DBusErrorException, IOException, InterruptedException {
    Value known = kept.get(name);
    WireReader value =
        known == null
            ? connection.reply(path.value(), PROPERTIES, "Get", nameOf(name), VARIANT.type())
            : Body.of(new Value.Variant(known)).reader();
    // Nothing is made of what the peer chose to send before its type is known.
    Signature given = value.peekVariant();
    String what = "the property %s.%s at %s".formatted(interfaceName, name, path);
    if (!given.isExactly(codec.type())) {
      throw new DBusErrorException(
          ErrorName.INVALID_ARGS,
          "%s is of type \"%s\", not \"%s\"".formatted(what, given, codec.type()));
    }
    value.enterVariant();
    return PeersValue.replied(codec, value, what);
  }

  /// The value of a property of whatever type: the one that is kept, or else the peer is asked.
  ///
  /// @throws DBusErrorException if the peer replied with an error
  /// @throws CallTimeoutException if no reply came in time
  /// @throws IOException if the connection has ended, or ends before the reply
  public Value get(String name) throws DBusErrorException, IOException, InterruptedException {
    Value value = kept.get(name);
    return value != null ? value : ask("Get", nameOf(name), VARIANT);
  }

  /// The values of all properties that can be read, asked for now.
  ///
  /// @throws DBusErrorException if the peer replied with an error
  /// @throws CallTimeoutException if no reply came in time
  /// @throws IOException if the connection has ended, or ends before the reply
  public Map<String, Value> getAll() throws DBusErrorException, IOException, InterruptedException {
    return ask("GetAll", Body.of(STRING, interfaceName.value()), PropertiesInterface.PROPERTY_MAP);
  }

  /// Sets a property, and waits for the peer's word that it is set.
  ///
  /// @throws DBusErrorException if the peer replied with an error
  /// @throws CallTimeoutException if no reply came in time
  /// @throws IOException if the connection has ended, or ends before the reply
  /// @throws IllegalArgumentException if D-Bus cannot carry the value
  public <T> void set(String name, Codec<T> codec, T value)
      throws DBusErrorException, IOException, InterruptedException {
    Value plain = Body.of(codec, value).values().getFirst();
    Body arguments = Body.of(text(interfaceName.value()), text(name), new Value.Variant(plain));
    var _ = connection.call(path.value(), PROPERTIES, "Set", arguments);
    kept.remove(name);
  }

  /// The value that is kept, if there is one; the peer is not asked.
  public Optional<Value> kept(String name) {
    return Optional.ofNullable(kept.get(name));
  }

  /// Gives every change that the peer tells of to a handler, as
  /// [DBusConnection#subscribe(SignalMatch, Consumer)] does. What it tells is kept already.
  ///
  /// @return closing it ends the watching; it outlives this object
  public Subscription watch(Consumer<Change> handler) {
    return connection.subscribe(changes(), whenChange(handler));
  }

  private SignalMatch changes() {
    return SignalMatch.all()
        .path(path.value())
        .interfaceName(PROPERTIES)
        .member("PropertiesChanged")
        .argument(0, interfaceName.value());
  }

  private static Consumer<Signal> whenChange(Consumer<Change> handler) {
    return signal -> {
      // Another signature is none that the specification knows.
      if (signal.body().signature().equals(CHANGED)) {
        handler.accept(change(signal));
      }
    };
  }

  private static Change change(Signal signal) {
    WireReader body = signal.body().reader();
    var _ = STRING.read(body);
    return new Change(PropertiesInterface.PROPERTY_MAP.read(body), listOf(STRING).read(body));
  }

  /// By the thread that reads. Under the lock, so that nothing is kept that comes after the end.
  private void keep(Change change) {
    synchronized (lock) {
      if (!closed) {
        keepOf(change);
      }
    }
  }

  private void keepOf(Change change) {
    if (kept.size() + change.changed().size() > MAX_KEPT) {
      kept.clear();
    }
    if (change.changed().size() <= MAX_KEPT) {
      kept.putAll(change.changed());
    }
    change.invalidated().forEach(kept::remove);
  }

  private <R> R ask(String member, Body arguments, Codec<R> result)
      throws DBusErrorException, IOException, InterruptedException {
    return connection.call(path.value(), PROPERTIES, member, arguments, result);
  }

  private Body nameOf(String property) {
    return Body.of(text(interfaceName.value()), text(property));
  }

  private static Value text(String text) {
    return new Value.Str(text);
  }

  /// Ends keeping: from now on the peer is asked each time.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      subscription.close();
      kept.clear();
    }
  }
}
