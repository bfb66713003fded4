package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Connecting to a list of addresses, none of which answers")
class ConnectFailuresTest {

  @TempDir private Path directory;

  private String address(String name) {
    return "unix:path=" + directory.resolve(name);
  }

  @Test
  void theExceptionTellsWhyForEachInOrder() {
    String list = address("first") + ";" + address("second") + ";tcp:host=192.0.2.1,port=1";
    var e = assertThrows(ConnectException.class, () -> DBusConnection.connect(list));
    int first = e.getMessage().indexOf(address("first") + ": ");
    int second = e.getMessage().indexOf(address("second") + ": ");
    int third = e.getMessage().indexOf("is not this machine");
    assertTrue(0 < first && first < second && second < third, e.getMessage());
    assertEquals(2, e.getSuppressed().length);
  }

  @Test
  void thereIsOneDeadlineForAll() {
    var e =
        assertThrows(
            ConnectException.class,
            () ->
                DBusConnection.to(address("first") + ";" + address("second"))
                    .connectTime(Duration.ZERO)
                    .connect());
    assertTrue(
        e.getMessage().contains(address("second") + ": not tried: no time is left"),
        e.getMessage());
  }
}
