package dbus.address;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// A socket of the internet protocol: `tcp:host=localhost,port=4242`. One can listen on each such
/// address, and connect to one with a host and a port other than 0.
///
/// There is no integrity and no confidentiality: whoever can read the network can read and change
/// the messages. Beyond the own machine it is deprecated, and allowed only by an explicit option of
/// those who listen and connect.
///
/// D-Bus Specification, "TCP Sockets".
///
/// @param host the name or address that clients connect to
/// @param bind the interface to listen on, if it is not that of the host; `*` means all; clients
///   ignore it
/// @param port 0 to 65535; 0 if the system is to choose when listening, and always written
/// @param family the only family to resolve the host for
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record Tcp(
    Optional<String> host,
    Optional<String> bind,
    int port,
    Optional<IpFamily> family,
    Map<String, AddressValue> unknownKeys,
    Optional<Guid> guid)
    implements TcpAddress {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public Tcp {
    TcpKeys.check(host, bind, port);
    unknownKeys = UnknownKeys.copy(unknownKeys, TcpKeys::isKey);
  }

  /// An address to listen on or to connect to.
  ///
  /// @param host a name or an address of the internet protocol, not escaped
  /// @param port 0 to 65535; 0 lets the system choose when listening
  public static Tcp of(String host, int port) {
    return new Tcp(
        Optional.of(host), Optional.empty(), port, Optional.empty(), Map.of(), Optional.empty());
  }

  /// The same address, bound to an interface of its own.
  ///
  /// @param bind the name or address of the interface, or `*` for all
  public Tcp withBind(String bind) {
    return new Tcp(host, Optional.of(bind), port, family, unknownKeys, guid);
  }

  /// The same address, for one family only.
  ///
  /// @param family the only family to resolve the host for
  public Tcp withFamily(IpFamily family) {
    return new Tcp(host, bind, port, Optional.of(family), unknownKeys, guid);
  }

  /// The address for clients of a server that listens on this one. It has the host, never the
  /// interface, and the family only if a single one was bound.
  ///
  /// @param boundPort the port that the sockets have, 1 to 65535
  /// @param boundFamilies the families of the sockets
  /// @param serverGuid the identifier of the server at this address
  public Tcp clientAddress(int boundPort, Set<IpFamily> boundFamilies, Guid serverGuid) {
    return new Tcp(
        Optional.of(hostOrDefault()),
        Optional.empty(),
        TcpKeys.boundPort(boundPort),
        TcpKeys.onlyFamily(boundFamilies),
        Map.of(),
        Optional.of(serverGuid));
  }

  @Override
  public String transport() {
    return "tcp";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap()
        .putText("host", host)
        .putText("bind", bind)
        .put("port", TcpKeys.value(port))
        .putText("family", family)
        .end(unknownKeys, guid);
  }

  @Override
  public Tcp withGuid(Guid guid) {
    return new Tcp(host, bind, port, family, unknownKeys, Optional.of(guid));
  }

  @Override
  public Tcp withoutGuid() {
    return new Tcp(host, bind, port, family, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
