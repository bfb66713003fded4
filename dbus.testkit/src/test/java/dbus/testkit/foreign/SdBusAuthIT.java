package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import java.io.BufferedReader;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The handshake with sd-bus on the other side, by both of its mechanisms, both ways.
class SdBusAuthIT {
  @TempDir private Path directory;

  private ForeignProgram sdBus;
  private Path socket;
  private OurSide ours;

  @BeforeEach
  void begin() throws Exception {
    sdBus = ForeignProgram.compiled("sdbus_auth.c", "libsystemd", directory);
    socket = directory.resolve("socket");
    ours = new OurSide(directory.resolve("keyrings"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXTERNAL", "ANONYMOUS"})
  @DisplayName("PEER-07, AUTH-13 an sd-bus client, which says all at once, is let in")
  void aClient(String mechanism) throws Exception {
    HandshakeStatus status =
        HandshakeSocket.serve(
            socket,
            ours.server(mechanism, "unused"),
            address -> sdBus.start("client", address, mechanism));

    assertTrue(OurSide.assertKnown(mechanism, status).unixFds());
  }

  @ParameterizedTest(name = "{0}, pipelined: {1}")
  @CsvSource({"EXTERNAL, false", "EXTERNAL, true", "ANONYMOUS, false", "ANONYMOUS, true"})
  @DisplayName("AUTH-07, AUTH-62 an sd-bus server lets our client in, in steps and at once")
  void aServer(String mechanism, boolean pipelined) throws Exception {
    Process server = sdBus.start("server", socket.toString(), mechanism);
    try (BufferedReader out = server.inputReader()) {
      Guid guid = Guid.parse(out.readLine());

      HandshakeStatus status =
          HandshakeSocket.connect(
              socket, ours.client(mechanism).expectedGuid(guid).pipelined(pipelined).build());

      Authenticated done = OurSide.assertLetIn(mechanism, status);
      assertEquals(guid, done.guid());
      assertTrue(done.unixFds());
      assertEquals("let in", out.readLine());
    } finally {
      server.destroy();
    }
  }
}
