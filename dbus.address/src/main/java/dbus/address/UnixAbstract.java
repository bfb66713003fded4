package dbus.address;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A Unix socket in the abstract namespace of Linux: `unix:abstract=/tmp/example`.
///
/// Prefer [UnixPath]. No file stands for an abstract socket, so no file mode protects it, and it
/// can be reached from other mount namespaces and from a changed root directory. Nothing in this
/// library makes one unless it is asked for by this address. Older servers that were given a
/// `tmpdir` offer one to their clients.
///
/// The name is bound with its exact length, without a NUL at the end.
///
/// D-Bus Specification, "Unix Domain Sockets".
///
/// @param name the name, without the NUL that Linux has in front
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record UnixAbstract(
    AddressValue name, Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public UnixAbstract {
    unknownKeys = UnknownKeys.copy(unknownKeys, UnixKeys::isKey);
  }

  /// The longest name, in bytes: Linux has room for 108 with the NUL in front.
  public static final int MAX_BYTES = 107;

  /// The longest name, in bytes, that clients using the reference implementation can connect to.
  public static final int MAX_BYTES_FOR_LIBDBUS = 98;

  /// The socket of a name.
  ///
  /// @param name the name, not escaped
  public static UnixAbstract of(String name) {
    return new UnixAbstract(AddressValue.of(name), Map.of(), Optional.empty());
  }

  /// The address for clients of a server that listens on this one.
  ///
  /// @param serverGuid the identifier of the server at this address
  public UnixAbstract clientAddress(Guid serverGuid) {
    return new UnixAbstract(name, Map.of(), Optional.of(serverGuid));
  }

  @Override
  public String transport() {
    return "unix";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap().put("abstract", name).end(unknownKeys, guid);
  }

  @Override
  public UnixAbstract withGuid(Guid guid) {
    return new UnixAbstract(name, unknownKeys, Optional.of(guid));
  }

  @Override
  public UnixAbstract withoutGuid() {
    return new UnixAbstract(name, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
