package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CallTimeoutException;
import dbus.connection.DBusConnection;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our client calls peers of other make.
class CalledPeersIT {
  private static final String PEER = "org.freedesktop.DBus.Peer";
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private Process server;

  @AfterEach
  void end() {
    server.destroy();
  }

  private DBusConnection connect() throws Exception {
    assertNotNull(server.inputReader().readLine(), "it ended");
    return DBusConnection.to("unix:path=" + directory.resolve("socket")).connect();
  }

  private static MethodCall ping(String path) {
    return MethodCall.of(new ObjectPath(path), new InterfaceName(PEER), new MemberName("Ping"));
  }

  @Test
  @DisplayName("PEER-06 GDBus answers to what wants no answer, and that disturbs nobody")
  void gdbus() throws Exception {
    server =
        ForeignProgram.python("gi.repository.Gio", "gdbus_auth_server.py", directory)
            .start("unix:path=" + directory.resolve("socket"), "EXTERNAL");
    try (DBusConnection connection = connect()) {
      connection.send(ping("/").withFlags(MessageFlag.NO_REPLY_EXPECTED));

      assertEquals(Body.EMPTY, connection.call(ping("/"), LONG).body());
      assertFalse(connection.isClosed());
    }
  }

  @Test
  @DisplayName(
      "PEER-09 sd-bus drops a message that it does not like, and the caller waits no longer")
  void sdBus() throws Exception {
    server =
        ForeignProgram.compiled("sdbus_auth.c", "libsystemd", directory)
            .start("server", directory.resolve("socket").toString(), "EXTERNAL");
    try (DBusConnection connection = connect()) {
      assertEquals(Body.EMPTY, connection.call(ping("/"), LONG).body());
      connection.emit("/a", "com.example.A", "Ticked", Body.EMPTY);
      String path = "/" + "a".repeat(64 * 1024);

      CallTimeoutException e =
          assertThrows(
              CallTimeoutException.class,
              () -> connection.call(ping(path), Duration.ofMillis(200)));

      assertTrue(String.valueOf(e.getMessage()).contains("Ping"), e::getMessage);
      assertEquals(Body.EMPTY, connection.call(ping("/"), LONG).body());
    }
  }
}
