package dbus.address;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The sockets that systemd passed to this process: `systemd:`. One can only listen on it; clients
/// are given the name of the socket itself.
///
/// D-Bus Specification, "systemd".
///
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record Systemd(Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public Systemd {
    unknownKeys = UnknownKeys.copy(unknownKeys, _ -> false);
  }

  /// The address `systemd:`.
  public static Systemd of() {
    return new Systemd(Map.of(), Optional.empty());
  }

  @Override
  public String transport() {
    return "systemd";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap().end(unknownKeys, guid);
  }

  @Override
  public Systemd withGuid(Guid guid) {
    return new Systemd(unknownKeys, Optional.of(guid));
  }

  @Override
  public Systemd withoutGuid() {
    return new Systemd(unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
