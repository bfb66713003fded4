package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.Credentials;
import dbus.connection.DBusConnection;
import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixSocketAcceptor;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who a client is, where it has more to say about that than others.
class PeerCredentialsIT {
  private static final Guid GUID = Guid.random();

  @TempDir private Path directory;

  @Test
  @DisplayName(
      "AUTH-33, AUTH-59, PEER-08 a client is who connected, whatever credentials and socket name it has")
  void whoConnected() throws Exception {
    Path socket = directory.resolve("socket");
    CompletableFuture<DBusConnection> told = new CompletableFuture<>();
    try (UnixSocketAcceptor acceptor = UnixSocketAcceptor.bind(socket)) {
      Process client =
          ForeignProgram.python("socket", "bound_client.py", directory).start(socket.toString());
      Transport transport = acceptor.accept();

      DBusConnection.serverSide(transport, GUID)
          .onAuthenticated(opened -> {
            told.complete(opened);
            return true;
          })
          .start();

      DBusConnection connection = told.get(30, TimeUnit.SECONDS);
      Credentials who = connection.identity().orElseThrow();
      assertEquals("EXTERNAL", connection.mechanism());
      assertEquals(OurSide.SELF.uid(), who.uid());
      assertEquals(OptionalLong.of(client.pid()), who.pid());
      assertEquals("OK " + GUID, client.inputReader().readLine());
      assertTrue(client.waitFor(30, TimeUnit.SECONDS));
    }
  }
}
