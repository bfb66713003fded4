package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.FailureReason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("PEER-22 who does not speak D-Bus is closed quietly, and counted")
class NotDBusTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();

  @Test
  void scannersHealthChecksAndOtherProtocols() throws Exception {
    try (LoggedLines logged = new LoggedLines();
        DBusServer server =
            DBusServer.at("unix:path=" + directory.resolve("s")).listener(witness).start()) {
      ends(FailureReason.END_OF_STREAM, () -> RawClient.silent(server).close());
      ends(FailureReason.END_OF_STREAM, () -> RawClient.silent(server).send("\0").close());
      ends(
          FailureReason.NOT_DBUS,
          () -> RawClient.silent(server).send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").awaitEnd());
      ends(
          FailureReason.NOT_DBUS,
          () -> RawClient.silent(server).send("\u0016\u0003\u0001\u0002\0\u0001").awaitEnd());
      // Leaves without reading the answer, which makes writing fail where it comes late.
      for (int i = 0; i < 50; i++) {
        ends(
            FailureReason.END_OF_STREAM, () -> RawClient.silent(server).send("\0AUTH\r\n").close());
      }
      ServerCounters counters = server.counters();
      assertEquals(54, counters.accepted());
      assertEquals(52, counters.authenticationFailed(FailureReason.END_OF_STREAM));
      assertEquals(2, counters.authenticationFailed(FailureReason.NOT_DBUS));
      assertEquals(0, counters.unfinishedHandshakes());
      assertEquals(List.of(), logged.loud());
      assertTrue(witness.authenticated.isEmpty());
    }
  }

  private void ends(FailureReason expected, Talk talk) throws Exception {
    talk.run();
    assertEquals(expected, Witness.next(witness.failures));
  }

  @FunctionalInterface
  private interface Talk {
    void run() throws Exception;
  }
}
