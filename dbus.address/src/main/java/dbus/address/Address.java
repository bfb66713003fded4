package dbus.address;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One D-Bus address: a transport and its keys, such as `unix:path=/run/example`.
///
/// There is a record for each transport of the specification, for `unix` one for each of its forms,
/// and [UnknownTransport] for the rest. An address that exists is well formed, whether it was
/// parsed or made by hand. Whether one can listen on it or connect to it is another question, which
/// [#checkListenable] and [#checkConnectable] answer without touching a socket; whether this system
/// has such sockets at all is asked of [Platform].
///
/// Addresses are immutable. They are equal if they mean the same: however their values were
/// escaped, and in whatever order their keys were.
///
/// D-Bus Specification, "Server Addresses".
public sealed interface Address
    permits UnixPath,
        UnixAbstract,
        UnixDir,
        UnixTmpdir,
        UnixRuntime,
        TcpAddress,
        UnixExec,
        Systemd,
        Launchd,
        Autolaunch,
        UnknownTransport {

  /// Reads exactly one address. For a list, see [AddressList#parse].
  ///
  /// @param text the address; nothing around it is trimmed
  /// @throws AddressException if it is malformed, or more than one
  static Address parse(String text) {
    return new AddressParser(text).single();
  }

  /// The name of the transport, such as `unix` or `nonce-tcp`.
  String transport();

  /// All keys with their values, in the order in which [#toString] writes them: those of the
  /// transport, then the unknown ones in their own order, then `guid`. Immutable.
  SequencedMap<String, AddressValue> keys();

  /// The keys that the transport does not know, in the order in which they were given. Immutable.
  /// Clients ignore them; nobody can listen on an address that has one, since a misspelt key would
  /// open something else than was meant.
  Map<String, AddressValue> unknownKeys();

  /// The identifier of the server at this address. A client closes the connection if the server
  /// says another one.
  Optional<Guid> guid();

  /// The same address with the identifier of the server.
  ///
  /// @param guid takes the place of one that is there
  Address withGuid(Guid guid);

  /// The same address without an identifier.
  Address withoutGuid();

  /// Tells whether [#checkListenable] passes.
  default boolean isListenable() {
    return ListenRules.defect(this).isEmpty();
  }

  /// Tells whether [#checkConnectable] passes.
  default boolean isConnectable() {
    return ConnectRules.defect(this).isEmpty();
  }

  /// Checks all that can be known before a socket is made: that a server can listen on such an
  /// address, that a path is not too long, that there are no unknown keys.
  ///
  /// @throws AddressException if it cannot be listened on; it tells the key
  default void checkListenable() {
    ListenRules.defect(this)
        .ifPresent(defect -> {
          throw defect.exception(AddressError.BAD_ADDRESS, this);
        });
  }

  /// Checks all that can be known before a socket is made: that a client can connect to such an
  /// address, that nothing it needs is missing, that a path is not too long. Unknown keys pass.
  ///
  /// @throws AddressException if it cannot be connected to; it tells the key
  default void checkConnectable() {
    ConnectRules.defect(this)
        .ifPresent(defect -> {
          throw defect.exception(AddressError.BAD_ADDRESS, this);
        });
  }

  /// What someone who listens on this address should be told, though it works.
  default List<AddressWarning> warnings() {
    return AddressWarning.of(this);
  }

  /// The canonical text: values are escaped in one way only, the keys of the transport stand in a
  /// fixed order, then the unknown ones in their own order, then `guid`. [#parse] reads an equal
  /// address from it.
  @Override
  String toString();
}
