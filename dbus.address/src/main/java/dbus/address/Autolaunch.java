package dbus.address;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The session bus, found or started in a way of the platform: `autolaunch:`. One can only connect
/// to it. This library reads and writes the address, but launches no bus.
///
/// D-Bus Specification, "Autolaunch".
///
/// @param scope which session bus is meant, on Windows
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record Autolaunch(
    Optional<AddressValue> scope, Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public Autolaunch {
    unknownKeys = UnknownKeys.copy(unknownKeys, "scope"::equals);
  }

  /// The address `autolaunch:`.
  public static Autolaunch of() {
    return new Autolaunch(Optional.empty(), Map.of(), Optional.empty());
  }

  @Override
  public String transport() {
    return "autolaunch";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap().put("scope", scope).end(unknownKeys, guid);
  }

  @Override
  public Autolaunch withGuid(Guid guid) {
    return new Autolaunch(scope, unknownKeys, Optional.of(guid));
  }

  @Override
  public Autolaunch withoutGuid() {
    return new Autolaunch(scope, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
