package dbus.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the address of an entry, by its transport. D-Bus Specification, "Transports".
final class Transports {
  private Transports() {}

  static boolean isKnown(String transport) {
    return switch (transport) {
      case "unix", "tcp", "nonce-tcp", "unixexec", "systemd", "launchd", "autolaunch" -> true;
      default -> false;
    };
  }

  static Address read(AddressEntry entry) {
    Optional<Guid> guid = entry.takeGuid();
    return switch (entry.transport()) {
      case "unix" -> unix(entry, guid);
      case "tcp" -> tcp(entry, guid);
      case "nonce-tcp" -> nonceTcp(entry, guid);
      case "unixexec" -> unixExec(entry, guid);
      case "systemd" -> new Systemd(entry.rest(), guid);
      case "launchd" -> new Launchd(entry.takeRequired("env"), entry.rest(), guid);
      case "autolaunch" -> new Autolaunch(entry.take("scope"), entry.rest(), guid);
      default -> new UnknownTransport(entry.transport(), entry.rest(), guid);
    };
  }

  private static Address unix(AddressEntry entry, Optional<Guid> guid) {
    String kind = unixKind(entry);
    int at = entry.positionOf(kind);
    AddressValue value = entry.takeRequired(kind);
    return switch (kind) {
      case "path" -> new UnixPath(value, entry.rest(), guid);
      case "abstract" -> new UnixAbstract(value, entry.rest(), guid);
      case "dir" -> new UnixDir(value, entry.rest(), guid);
      case "tmpdir" -> new UnixTmpdir(value, entry.rest(), guid);
      case "runtime" -> {
        if (!value.equals(UnixRuntime.YES)) {
          throw entry.wrong(at, "runtime is \"" + value + "\"", "write runtime=yes");
        }
        yield new UnixRuntime(entry.rest(), guid);
      }
      default -> throw new AssertionError(kind);
    };
  }

  private static String unixKind(AddressEntry entry) {
    String kind = "";
    for (String key : entry.keys()) {
      if (UnixKeys.isKey(key)) {
        if (!kind.isEmpty()) {
          throw entry.wrong(
              entry.positionOf(key),
              "keys \"" + kind + "\" and \"" + key + "\" exclude each other",
              "give exactly one of " + UnixKeys.ALL);
        }
        kind = key;
      }
    }
    if (kind.isEmpty()) {
      throw withoutKind(entry);
    }
    return kind;
  }

  /// A key that is there, and is none of them, is rather misspelled than meant for somebody else.
  private static AddressException withoutKind(AddressEntry entry) {
    for (String key : entry.keys()) {
      return entry.wrong(
          entry.positionOf(key),
          "key \"" + key + "\" is unknown",
          "give exactly one of " + UnixKeys.ALL);
    }
    return entry.missing(
        "none of the keys " + UnixKeys.ALL + " is given", "give exactly one of them");
  }

  private static Tcp tcp(AddressEntry entry, Optional<Guid> guid) {
    return new Tcp(
        entry.takeText("host"),
        entry.takeText("bind"),
        port(entry),
        family(entry),
        entry.rest(),
        guid);
  }

  private static NonceTcp nonceTcp(AddressEntry entry, Optional<Guid> guid) {
    return new NonceTcp(
        entry.takeText("host"),
        entry.takeText("bind"),
        port(entry),
        family(entry),
        entry.take("noncefile"),
        entry.rest(),
        guid);
  }

  private static int port(AddressEntry entry) {
    AddressEntry.Pair pair = entry.takePair("port");
    if (pair == null) {
      return 0;
    }
    int port = 0;
    for (byte digit : pair.value().bytes()) {
      if (digit < '0' || digit > '9') {
        throw entry.wrong(
            pair.valueAt(),
            "port \"" + pair.value() + "\" is no decimal number",
            "write digits only, 0 to 65535");
      }
      port = port * 10 + digit - '0';
      if (port > TcpKeys.MAX_PORT) {
        throw entry.wrong(
            pair.valueAt(), "port \"" + pair.value() + "\" is out of range", "write 0 to 65535");
      }
    }
    return port;
  }

  private static Optional<IpFamily> family(AddressEntry entry) {
    AddressEntry.Pair pair = entry.takePair("family");
    if (pair == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (pair.value().text().orElse("")) {
          case "ipv4" -> IpFamily.IPV4;
          case "ipv6" -> IpFamily.IPV6;
          default ->
              throw entry.wrong(
                  pair.valueAt(),
                  "family \"" + pair.value() + "\" is unknown",
                  "write ipv4 or ipv6");
        });
  }

  private static UnixExec unixExec(AddressEntry entry, Optional<Guid> guid) {
    AddressValue path = entry.takeRequired("path");
    Optional<AddressValue> argv0 = entry.take(UnixExec.ARGUMENT + "0");
    List<AddressValue> arguments = new ArrayList<>();
    Optional<AddressValue> next = entry.take(UnixExec.ARGUMENT + "1");
    while (next.isPresent()) {
      arguments.add(next.get());
      next = entry.take(UnixExec.ARGUMENT + (arguments.size() + 1));
    }
    return new UnixExec(path, argv0, arguments, entry.rest(), guid);
  }
}
