package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.DBusConnection;
import dbus.wire.Body;
import dbus.wire.Value;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Wireshark, without its windows, opens what `dbus serve --capture` has written.
class WiresharkIT {

  @TempDir Path directory;

  @Test
  @DisplayName("it knows every message for one of D-Bus, and finds nothing wrong with any")
  void opens() throws Exception {
    ForeignProgram tshark = ForeignProgram.named("tshark");
    String file = directory.resolve("capture.pcapng").toString();
    try (ServeProcess server = ServeProcess.start("--capture", file);
        DBusConnection peer = DBusConnection.connect(server.address())) {
      peer.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
      peer.call(
          "/dbus/testkit/Interop",
          "dbus.testkit.Interop1",
          "EmitPinged",
          Body.of(new Value.Str("x"), new Value.UInt32(2)));
    }
    assertEquals(
        List.of("Ping", "EmitPinged", "Pinged", "Pinged"),
        lines(tshark, file, "-Y", "dbus.member", "-T", "fields", "-e", "dbus.member"));
    assertEquals(6, lines(tshark, file, "-Y", "dbus").size());
    assertEquals(List.of(), lines(tshark, file, "-Y", "_ws.malformed || _ws.expert"));
  }

  private static List<String> lines(ForeignProgram tshark, String file, String... arguments)
      throws Exception {
    String[] all = new String[arguments.length + 2];
    all[0] = "-r";
    all[1] = file;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    String out = tshark.run(all).expectSuccess().out();
    assertTrue(!out.contains("\t"), out);
    return out.lines().filter(line -> !line.isEmpty()).toList();
  }
}
