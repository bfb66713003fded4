package dbus.server.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.Environment;
import dbus.address.Systemd;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What systemd must have said (ADDR-38). The sockets themselves are tested in processes of their
/// own, with `systemd-socket-activate`.
class SystemdPlacesTest {

  private static int count(String pid, String fds) {
    Map<String, String> variables =
        Map.of("LISTEN_PID", pid == null ? "" : pid, "LISTEN_FDS", fds == null ? "" : fds);
    return SystemdPlaces.count(
        Systemd.of(),
        new Environment() {
          @Override
          public Optional<String> variable(String name) {
            return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
          }

          @Override
          public boolean isOwnSocket(Path path) {
            return false;
          }
        },
        4711);
  }

  @Test
  @DisplayName("ADDR-38 descriptors that are meant for this process are counted")
  void counted() {
    assertEquals(1, count("4711", "1"));
    assertEquals(3, count("4711", "3"));
  }

  @ParameterizedTest(name = "LISTEN_PID={0}, LISTEN_FDS={1}: {2}")
  @CsvSource({
    ",1,not set",
    "4711,,not set",
    ",,not set",
    "1,1,to process 1",
    "04711,1,to process 04711",
    "4711,0,LISTEN_FDS is",
    "4711,-1,LISTEN_FDS is",
    "4711,1x,LISTEN_FDS is",
    "4711,99999,LISTEN_FDS is",
    "4711,1025,LISTEN_FDS is",
  })
  @DisplayName("ADDR-38 what is not meant for this process is left alone")
  void refused(String pid, String fds, String text) {
    var e = assertThrows(AddressException.class, () -> count(pid, fds));
    assertEquals(AddressError.NOT_SUPPORTED, e.error());
    assertTrue(e.getMessage().contains(text), e::getMessage);
  }
}
