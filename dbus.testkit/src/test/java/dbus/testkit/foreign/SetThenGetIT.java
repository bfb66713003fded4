package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients of others set a property and get it without waiting in between, half of the sets without
/// a reply, and see what they have set: of a server that has just started, and of the same one
/// later.
///
/// The system property `dbus.pairs` says how often; by hand 20,000.
class SetThenGetIT {

  private static final String PAIRS = System.getProperty("dbus.pairs", "2000");

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "libdbus_pairs.c, dbus-1, unix:path=HOME/s, 0",
    "libdbus_pairs.c, dbus-1, unix:path=HOME/s, 3",
    "libdbus_pairs.c, dbus-1, tcp:host=localhost, 0",
    "libdbus_pairs.c, dbus-1, tcp:host=localhost, 3",
    "gdbus_pairs.c, gio-2.0, unix:path=HOME/s, 0",
    "gdbus_pairs.c, gio-2.0, unix:path=HOME/s, 3",
    "gdbus_pairs.c, gio-2.0, tcp:host=localhost, 0",
    "gdbus_pairs.c, gio-2.0, tcp:host=localhost, 3"
  })
  @DisplayName("CONN-54 what is set is what is got next, however busy the machine is")
  void seesWhatItHasSet(String source, String library, String address, int busyLoops)
      throws Exception {
    ForeignProgram client =
        ForeignProgram.compiled(source, library, home).with("HOME", home.toString());
    List<Process> loops = new ArrayList<>();
    try (ServeProcess server =
        ServeProcess.startAtHome(home, address.replace("HOME", home.toString()))) {
      for (int i = 0; i < busyLoops; i++) {
        loops.add(busyLoop());
      }
      assertEquals(PAIRS + " pairs, 0 stale", pairs(client, server), "a server just started");
      assertEquals(PAIRS + " pairs, 0 stale", pairs(client, server), "a warm server");
    } finally {
      loops.forEach(Process::destroyForcibly);
    }
  }

  private static String pairs(ForeignProgram client, ServeProcess server) throws Exception {
    return client.run(server.address(), PAIRS).expectSuccess().out();
  }

  private static Process busyLoop() throws IOException {
    return new ProcessBuilder("sh", "-c", "while :; do :; done").start();
  }
}
