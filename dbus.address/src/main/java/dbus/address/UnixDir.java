package dbus.address;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A Unix socket with a random name in a directory: `unix:dir=/run/example`. One can only listen on
/// it; clients are given the [UnixPath] that came of it.
///
/// D-Bus Specification, "Unix Domain Sockets".
///
/// @param directory the directory; it must exist
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record UnixDir(
    AddressValue directory, Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public UnixDir {
    unknownKeys = UnknownKeys.copy(unknownKeys, UnixKeys::isKey);
  }

  /// A socket in a directory.
  ///
  /// @param directory a path of the default file system
  public static UnixDir of(Path directory) {
    return new UnixDir(AddressValue.of(directory), Map.of(), Optional.empty());
  }

  /// A socket in a directory.
  ///
  /// @param directory the path of the directory, not escaped
  public static UnixDir of(String directory) {
    return new UnixDir(AddressValue.of(directory), Map.of(), Optional.empty());
  }

  /// Draws a name, `dbus-` and ten letters and digits from a [java.security.SecureRandom]. If a
  /// file of that name exists, draw again.
  ///
  /// @return the address to listen on in place of this one
  public UnixPath drawSocket() {
    return new UnixPath(SocketName.in(directory), unknownKeys, guid);
  }

  @Override
  public String transport() {
    return "unix";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap().put("dir", directory).end(unknownKeys, guid);
  }

  @Override
  public UnixDir withGuid(Guid guid) {
    return new UnixDir(directory, unknownKeys, Optional.of(guid));
  }

  @Override
  public UnixDir withoutGuid() {
    return new UnixDir(directory, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
