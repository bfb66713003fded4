package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// File descriptors between this implementation and others, both ways, on both sides (FD-01, FD-05,
/// FD-10).
class ForeignUnixFdsIT {

  @TempDir Path directory;

  private static void passes(ForeignProgram client) throws Exception {
    try (ServeProcess server = ServeProcess.start()) {
      // What is opened once and for all is open after the first client.
      assertEquals("all passed", client.run(server.address()).expectSuccess().out());
      // One thread accepts; those that have read wait a few seconds for the next peer.
      server.await("the first client is gone", () -> server.readers() == 1);
      int descriptors = server.descriptors();
      assertEquals("all passed", client.run(server.address()).expectSuccess().out());
      server.await(
          "as many descriptors as before: " + descriptors,
          () -> server.descriptors() <= descriptors);
    }
  }

  @Test
  @DisplayName("FD-14 a GDBus client passes descriptors both ways, and the server keeps none")
  void gdbusClient() throws Exception {
    passes(ForeignProgram.python("gi.repository.Gio", "gdbus_fd_client.py", directory));
  }

  @Test
  @DisplayName("FD-14 a libdbus client passes descriptors both ways, and the server keeps none")
  void libdbusClient() throws Exception {
    passes(ForeignProgram.python("dbus", "libdbus_fd_client.py", directory));
  }

  @Test
  @DisplayName("FD-14 an sd-bus client passes descriptors both ways, and the server keeps none")
  void sdBusClient() throws Exception {
    passes(ForeignProgram.compiled("sdbus_fd_client.c", "libsystemd", directory));
  }
}
