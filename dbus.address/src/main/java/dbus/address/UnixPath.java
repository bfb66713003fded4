package dbus.address;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A Unix socket that is a file: `unix:path=/run/example`. One can listen on it and connect to it.
///
/// The path is used as it is given: neither `~` nor variables are expanded. A relative one works;
/// the address for clients is absolute. A path of more than [#MAX_BYTES] bytes is an address, but
/// nobody can listen on it or connect to it.
///
/// D-Bus Specification, "Unix Domain Sockets".
///
/// @param path the path of the socket
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record UnixPath(
    AddressValue path, Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public UnixPath {
    unknownKeys = UnknownKeys.copy(unknownKeys, UnixKeys::isKey);
  }

  /// The longest path, in bytes: Linux has room for 108 with the NUL behind it. Other systems have
  /// less.
  public static final int MAX_BYTES = 107;

  /// The longest path, in bytes, that clients using the reference implementation can connect to.
  public static final int MAX_BYTES_FOR_LIBDBUS = 99;

  /// The socket at a path.
  ///
  /// @param path a path of the default file system
  public static UnixPath of(Path path) {
    return new UnixPath(AddressValue.of(path), Map.of(), Optional.empty());
  }

  /// The socket at a path.
  ///
  /// @param path the path, not escaped
  public static UnixPath of(String path) {
    return new UnixPath(AddressValue.of(path), Map.of(), Optional.empty());
  }

  /// The address for clients of a server that listens on this one: the absolute path, nothing that
  /// only the listener needed, and the identifier of the server.
  ///
  /// @param serverGuid the identifier of the server at this address
  public UnixPath clientAddress(Guid serverGuid) {
    return new UnixPath(path.toAbsolutePath(), Map.of(), Optional.of(serverGuid));
  }

  @Override
  public String transport() {
    return "unix";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap().put("path", path).end(unknownKeys, guid);
  }

  @Override
  public UnixPath withGuid(Guid guid) {
    return new UnixPath(path, unknownKeys, Optional.of(guid));
  }

  @Override
  public UnixPath withoutGuid() {
    return new UnixPath(path, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
