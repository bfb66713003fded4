package dbus.address;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// An address of a transport that this library does not know. It keeps its keys, and nobody can use
/// it.
///
/// @param transport the name of the transport
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record UnknownTransport(
    String transport, Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public UnknownTransport {
    UnknownKeys.checkName("a transport", transport);
    if (Transports.isKnown(transport)) {
      throw new IllegalArgumentException(
          "transport \"" + transport + "\" is known, use the type of its name");
    }
    unknownKeys = UnknownKeys.copy(unknownKeys, _ -> false);
  }

  /// An address of some other transport.
  ///
  /// @param transport the name of the transport
  /// @param keys its keys, without `guid`
  public static UnknownTransport of(String transport, Map<String, AddressValue> keys) {
    return new UnknownTransport(transport, keys, Optional.empty());
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap().end(unknownKeys, guid);
  }

  @Override
  public UnknownTransport withGuid(Guid guid) {
    return new UnknownTransport(transport, unknownKeys, Optional.of(guid));
  }

  @Override
  public UnknownTransport withoutGuid() {
    return new UnknownTransport(transport, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
