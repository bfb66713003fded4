package dbus.address;

import java.util.Optional;

/// What an address needs so that a server can listen on it.
final class ListenRules {
  private ListenRules() {}

  static Optional<Defect> defect(Address address) {
    return defectOfTransport(address).or(() -> unknownKey(address));
  }

  private static Optional<Defect> defectOfTransport(Address address) {
    return switch (address) {
      // Clients get the absolute path, and they must be able to connect to it.
      case UnixPath unix ->
          Defect.tooLong("path", unix.path().toAbsolutePath().length(), UnixPath.MAX_BYTES);
      case UnixAbstract unix ->
          Defect.tooLong("abstract", unix.name().length(), UnixAbstract.MAX_BYTES);
      case UnixDir unix -> directory("dir", unix.directory());
      case UnixTmpdir unix -> directory("tmpdir", unix.directory());
      case NonceTcp tcp when tcp.nonceFile().isPresent() ->
          Defect.of(
              "noncefile",
              "a server takes no \"noncefile\"",
              "leave it out: the server makes a new file");
      case UnixRuntime _, Tcp _, NonceTcp _, Systemd _, Launchd _ -> Optional.empty();
      case UnixExec _, Autolaunch _ ->
          Defect.of(
              "",
              "a server cannot listen on \"" + address.transport() + "\"",
              "use unix, tcp, nonce-tcp or systemd");
      case UnknownTransport _ -> Defect.unknownTransport(address);
    };
  }

  private static Optional<Defect> directory(String key, AddressValue directory) {
    return Defect.tooLong(
        key, SocketName.longestIn(directory.toAbsolutePath()), UnixPath.MAX_BYTES);
  }

  private static Optional<Defect> unknownKey(Address address) {
    return address.unknownKeys().keySet().stream()
        .findFirst()
        .map(key ->
            new Defect(
                key,
                "key \"" + key + "\" is unknown to \"" + address.transport() + "\"",
                "correct it or leave it out"));
  }
}
