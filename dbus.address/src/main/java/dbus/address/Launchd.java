package dbus.address;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A socket that launchd of macOS has made: `launchd:env=DBUS_LAUNCHD_SESSION_BUS_SOCKET`. One can
/// listen on it and connect to it, on macOS.
///
/// D-Bus Specification, "launchd".
///
/// @param env the variable of launchd that has the path of the socket
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record Launchd(AddressValue env, Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public Launchd {
    unknownKeys = UnknownKeys.copy(unknownKeys, "env"::equals);
  }

  /// The socket of a variable.
  ///
  /// @param env the name of the variable
  public static Launchd of(String env) {
    return new Launchd(AddressValue.of(env), Map.of(), Optional.empty());
  }

  @Override
  public String transport() {
    return "launchd";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap().put("env", env).end(unknownKeys, guid);
  }

  @Override
  public Launchd withGuid(Guid guid) {
    return new Launchd(env, unknownKeys, Optional.of(guid));
  }

  @Override
  public Launchd withoutGuid() {
    return new Launchd(env, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
