package dbus.connection;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;

import dbus.address.MachineId;
import dbus.wire.ErrorName;
import java.io.IOException;
import java.nio.file.Path;

/// `org.freedesktop.DBus.Peer`, which answers at every path. D-Bus Specification, "Standard
/// Interfaces".
final class PeerInterface {

  static final Interface INTERFACE =
      Interface.named("org.freedesktop.DBus.Peer")
          .method("Ping", () -> {})
          .method("GetMachineId", out("machine_uuid", STRING), () -> machineId(Path.of("/")))
          .build();

  private PeerInterface() {}

  /// @param root the directory to take for `/`
  static String machineId(Path root) throws DBusErrorException {
    try {
      return MachineId.read(root).toString();
    } catch (IOException e) {
      throw new DBusErrorException(
          ErrorName.FAILED, ErrorText.toldBy(e).orElse("this machine has no id"));
    }
  }
}
