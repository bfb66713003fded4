package dbus.server;

import dbus.auth.ServerMechanism;
import java.util.Arrays;
import java.util.List;

/// The mechanisms that a server can offer by name.
final class ServerMechanisms {

  private ServerMechanisms() {}

  static List<ServerMechanism> named(String... names) {
    return Arrays.stream(names).map(ServerMechanisms::named).toList();
  }

  private static ServerMechanism named(String name) {
    return switch (name) {
      case "EXTERNAL" -> ServerMechanism.external();
      case "DBUS_COOKIE_SHA1" -> ServerMechanism.cookieSha1();
      case "ANONYMOUS" -> ServerMechanism.anonymous();
      default ->
          throw new IllegalArgumentException(
              "a mechanism is EXTERNAL, DBUS_COOKIE_SHA1 or ANONYMOUS, not \"" + name + "\"");
    };
  }
}
