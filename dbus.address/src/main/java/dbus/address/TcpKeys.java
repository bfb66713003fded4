package dbus.address;

import java.util.Optional;
import java.util.Set;

/// The keys that `tcp` and `nonce-tcp` share.
final class TcpKeys {
  static final int MAX_PORT = 65535;

  private TcpKeys() {}

  static boolean isKey(String key) {
    return switch (key) {
      case "host", "bind", "port", "family" -> true;
      default -> false;
    };
  }

  /// Checks components that a caller made by hand.
  static void check(Optional<String> host, Optional<String> bind, int port) {
    host.ifPresent(AddressValue::of);
    bind.ifPresent(AddressValue::of);
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port " + port + " is out of range, must be 0 to 65535");
    }
  }

  static int boundPort(int port) {
    if (port == 0) {
      throw new IllegalArgumentException("port 0 is no port of a socket that is bound");
    }
    return port;
  }

  static Optional<IpFamily> onlyFamily(Set<IpFamily> families) {
    return families.size() == 1 ? families.stream().findFirst() : Optional.empty();
  }

  static AddressValue value(int port) {
    return AddressValue.of(Integer.toString(port));
  }
}
