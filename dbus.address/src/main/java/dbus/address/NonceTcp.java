package dbus.address;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// A socket of the internet protocol where a client first shows 16 bytes that it read from a file:
/// `nonce-tcp:host=localhost,port=4242,noncefile=/tmp/nonce`.
///
/// One can listen on each such address without a nonce file, since a server always makes a new one,
/// and connect to one with a host, a port other than 0, and a nonce file.
///
/// There is no integrity and no confidentiality: whoever can read the network can read and change
/// the messages. Beyond the own machine it is deprecated, and allowed only by an explicit option of
/// those who listen and connect.
///
/// D-Bus Specification, "Nonce-authenticated TCP Sockets".
///
/// @param host the name or address that clients connect to
/// @param bind the interface to listen on, if it is not that of the host; `*` means all; clients
///   ignore it
/// @param port 0 to 65535; 0 if the system is to choose when listening, and always written
/// @param family the only family to resolve the host for
/// @param nonceFile the path of the file with the 16 bytes
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record NonceTcp(
    Optional<String> host,
    Optional<String> bind,
    int port,
    Optional<IpFamily> family,
    Optional<AddressValue> nonceFile,
    Map<String, AddressValue> unknownKeys,
    Optional<Guid> guid)
    implements TcpAddress {

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public NonceTcp {
    TcpKeys.check(host, bind, port);
    unknownKeys =
        UnknownKeys.copy(unknownKeys, key -> TcpKeys.isKey(key) || key.equals("noncefile"));
  }

  /// An address to listen on or to connect to.
  ///
  /// @param host a name or an address of the internet protocol, not escaped
  /// @param port 0 to 65535; 0 lets the system choose when listening
  public static NonceTcp of(String host, int port) {
    return new NonceTcp(
        Optional.of(host),
        Optional.empty(),
        port,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  /// The same address, bound to an interface of its own.
  ///
  /// @param bind the name or address of the interface, or `*` for all
  public NonceTcp withBind(String bind) {
    return new NonceTcp(host, Optional.of(bind), port, family, nonceFile, unknownKeys, guid);
  }

  /// The same address, for one family only.
  ///
  /// @param family the only family to resolve the host for
  public NonceTcp withFamily(IpFamily family) {
    return new NonceTcp(host, bind, port, Optional.of(family), nonceFile, unknownKeys, guid);
  }

  /// The same address, with the file that holds the nonce.
  ///
  /// @param nonceFile a path of the default file system
  public NonceTcp withNonceFile(Path nonceFile) {
    return new NonceTcp(
        host, bind, port, family, Optional.of(AddressValue.of(nonceFile)), unknownKeys, guid);
  }

  /// The address for clients of a server that listens on this one. It has the host, never the
  /// interface, and the family only if a single one was bound.
  ///
  /// @param boundPort the port that the sockets have, 1 to 65535
  /// @param boundFamilies the families of the sockets
  /// @param madeNonceFile the file that the server made
  /// @param serverGuid the identifier of the server at this address
  public NonceTcp clientAddress(
      int boundPort, Set<IpFamily> boundFamilies, Path madeNonceFile, Guid serverGuid) {
    return new NonceTcp(
        Optional.of(hostOrDefault()),
        Optional.empty(),
        TcpKeys.boundPort(boundPort),
        TcpKeys.onlyFamily(boundFamilies),
        Optional.of(AddressValue.of(madeNonceFile.toAbsolutePath())),
        Map.of(),
        Optional.of(serverGuid));
  }

  @Override
  public String transport() {
    return "nonce-tcp";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    return new KeyMap()
        .putText("host", host)
        .putText("bind", bind)
        .put("port", TcpKeys.value(port))
        .putText("family", family)
        .put("noncefile", nonceFile)
        .end(unknownKeys, guid);
  }

  @Override
  public NonceTcp withGuid(Guid guid) {
    return new NonceTcp(host, bind, port, family, nonceFile, unknownKeys, Optional.of(guid));
  }

  @Override
  public NonceTcp withoutGuid() {
    return new NonceTcp(host, bind, port, family, nonceFile, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
