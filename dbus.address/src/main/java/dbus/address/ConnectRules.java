package dbus.address;

import java.util.Optional;

/// What an address needs so that a client can connect to it.
final class ConnectRules {
  private static final String ASK_SERVER = "use the address that the server gives to clients";

  private ConnectRules() {}

  static Optional<Defect> defect(Address address) {
    return switch (address) {
      case UnixPath unix -> Defect.tooLong("path", unix.path().length(), UnixPath.MAX_BYTES);
      case UnixAbstract unix ->
          Defect.tooLong("abstract", unix.name().length(), UnixAbstract.MAX_BYTES);
      case UnixDir _ -> onlyForServers("dir");
      case UnixTmpdir _ -> onlyForServers("tmpdir");
      case UnixRuntime _ -> onlyForServers("runtime");
      case Systemd _ -> Defect.of("", "a client cannot connect to \"systemd\"", ASK_SERVER);
      case Tcp tcp -> hostAndPort(tcp);
      case NonceTcp tcp -> hostAndPort(tcp).or(() -> nonceFile(tcp));
      case UnixExec _, Launchd _, Autolaunch _ -> Optional.empty();
      case UnknownTransport _ -> Defect.unknownTransport(address);
    };
  }

  private static Optional<Defect> onlyForServers(String key) {
    return Defect.of(key, "a client cannot connect to a \"" + key + "\"", ASK_SERVER);
  }

  private static Optional<Defect> hostAndPort(TcpAddress tcp) {
    if (tcp.host().isEmpty()) {
      return Defect.of("host", "no host to connect to", "add host=");
    }
    return tcp.port() == 0
        ? Defect.of("port", "no port to connect to", "give a port of 1 to 65535")
        : Optional.empty();
  }

  private static Optional<Defect> nonceFile(NonceTcp tcp) {
    return tcp.nonceFile().isPresent()
        ? Optional.empty()
        : Defect.of("noncefile", "no nonce file to read", ASK_SERVER);
  }
}
