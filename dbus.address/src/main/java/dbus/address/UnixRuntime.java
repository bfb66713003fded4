package dbus.address;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The socket `bus` in the runtime directory of the user: `unix:runtime=yes`. One can only listen
/// on it. It is usually followed by another address, for systems without such a directory.
///
/// D-Bus Specification, "Unix Domain Sockets".
///
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record UnixRuntime(Map<String, AddressValue> unknownKeys, Optional<Guid> guid)
    implements Address {

  static final AddressValue YES = AddressValue.of("yes");

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public UnixRuntime {
    unknownKeys = UnknownKeys.copy(unknownKeys, UnixKeys::isKey);
  }

  /// The address `unix:runtime=yes`.
  public static UnixRuntime of() {
    return new UnixRuntime(Map.of(), Optional.empty());
  }

  /// Finds the socket: `bus` in `$XDG_RUNTIME_DIR`.
  ///
  /// @param environment where the variable is read
  /// @return the address to listen on in place of this one
  /// @throws AddressException as [AddressError#NOT_SUPPORTED] if the variable is not set to an
  ///   absolute path
  public UnixPath socket(Environment environment) {
    AddressValue path =
        RuntimeDirectory.busSocket(environment)
            .orElseThrow(() ->
                new AddressException(
                    AddressError.NOT_SUPPORTED,
                    toString(),
                    KeyMap.positionOf("runtime", this),
                    "there is no runtime directory",
                    "set XDG_RUNTIME_DIR to an absolute path, or add another address"));
    return new UnixPath(path, unknownKeys, guid);
  }

  @Override
  public String transport() {
    return "unix";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap().put("runtime", YES).end(unknownKeys, guid);
  }

  @Override
  public UnixRuntime withGuid(Guid guid) {
    return new UnixRuntime(unknownKeys, Optional.of(guid));
  }

  @Override
  public UnixRuntime withoutGuid() {
    return new UnixRuntime(unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
