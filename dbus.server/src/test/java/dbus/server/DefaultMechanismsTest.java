package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.connection.DBusConnection;
import dbus.wire.Body;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUTH-60 Both sides of this library find each other without an option")
class DefaultMechanismsTest {

  @TempDir Path home;

  /// In a JVM of its own: the keyring is in the home directory.
  static final class Both {
    public static void main(String[] arguments) throws Exception {
      try (DBusServer server = DBusServer.at(arguments[0]).start();
          DBusConnection client = DBusConnection.connect(server.clientAddress().toString())) {
        var _ = client.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
        System.out.println("let in");
      } catch (Exception e) {
        System.out.println(e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix:dir=%s", "tcp:host=localhost"})
  void letIn(String address) throws Exception {
    List<String> atHome = List.of("env", "HOME=" + home);
    try (ChildJvm both = ChildJvm.start(atHome, Both.class, address.formatted(home))) {
      assertEquals("let in", both.readLine());
      assertEquals(0, both.awaitEnd());
    }
  }
}
