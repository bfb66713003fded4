package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that is killed in the middle of anything costs the server nothing (AUTH-25, CONN-31,
/// SERV-34).
class KilledClientIT {

  private static final int CLIENTS = 5;

  @TempDir static Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"connected", "handshake", "header", "body", "call", "reply", "idle"})
  void theServerServesOnAndFreesAll(String stage) throws Exception {
    ForeignProgram client = ForeignProgram.python("socket", "stuck_client.py", directory);
    ForeignProgram ping = ForeignProgram.named("dbus-send");
    try (ServeProcess server = ServeProcess.start("unix:dir=" + directory)) {
      // What is started once and for all is there after the first client.
      killed(client, server, stage, 1);
      ping(ping, server);
      // One thread accepts; those that have read wait a few seconds for the next peer.
      server.await("the first client is gone", () -> server.readers() == 1);
      int threads = server.threads();
      int descriptors = server.descriptors();

      killed(client, server, stage, CLIENTS);

      ping(ping, server);
      server.await(
          "threads and descriptors as before: " + threads + ", " + descriptors,
          () -> server.threads() <= threads && server.descriptors() <= descriptors);
    }
  }

  private static void killed(ForeignProgram client, ServeProcess server, String stage, int clients)
      throws Exception {
    List<Process> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < clients; i++) {
        Process process = client.start(server.socket().toString(), stage);
        stuck.add(process);
        assertEquals("stuck", process.inputReader().readLine());
      }
    } finally {
      for (Process process : stuck) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static void ping(ForeignProgram dbusSend, ServeProcess server) throws Exception {
    dbusSend
        .run("--peer=" + server.address(), "--print-reply", "/", "org.freedesktop.DBus.Peer.Ping")
        .expectSuccess();
  }
}
