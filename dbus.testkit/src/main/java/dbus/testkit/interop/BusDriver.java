package dbus.testkit.interop;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;

import dbus.connection.Interface;
import dbus.server.DBusServerBuilder;

/// The least of a message bus, for tools that begin every connection with
/// `org.freedesktop.DBus.Hello`. No name that it gives means anything.
public final class BusDriver {

  private BusDriver() {}

  /// Exports it.
  public static void exportTo(DBusServerBuilder server) {
    var _ =
        server.export(
            "/org/freedesktop/DBus",
            Interface.named("org.freedesktop.DBus")
                .method("Hello", out("unique_name", STRING), () -> ":1.0")
                .build());
  }
}
