package dbus.address;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A Unix socket with a random name in a directory for temporary files: `unix:tmpdir=/tmp`. One can
/// only listen on it.
///
/// It means the same as [UnixDir]. The specification lets a server make an abstract socket instead;
/// current ones no longer do, and this library never did.
///
/// D-Bus Specification, "Unix Domain Sockets".
///
/// @param directory the directory; it must exist
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record UnixTmpdir(
    AddressValue directory, Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public UnixTmpdir {
    unknownKeys = UnknownKeys.copy(unknownKeys, UnixKeys::isKey);
  }

  /// A socket in a directory.
  ///
  /// @param directory a path of the default file system
  public static UnixTmpdir of(Path directory) {
    return new UnixTmpdir(AddressValue.of(directory), Map.of(), Optional.empty());
  }

  /// A socket in a directory.
  ///
  /// @param directory the path of the directory, not escaped
  public static UnixTmpdir of(String directory) {
    return new UnixTmpdir(AddressValue.of(directory), Map.of(), Optional.empty());
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
    return new KeyMap().put("tmpdir", directory).end(unknownKeys, guid);
  }

  @Override
  public UnixTmpdir withGuid(Guid guid) {
    return new UnixTmpdir(directory, unknownKeys, Optional.of(guid));
  }

  @Override
  public UnixTmpdir withoutGuid() {
    return new UnixTmpdir(directory, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
