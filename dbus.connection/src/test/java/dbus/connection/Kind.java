package dbus.connection;

import dbus.address.Guid;
import dbus.connection.transport.TransportPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The kinds of transports, for what must hold over each of them.
enum Kind {
  MEMORY,
  UNIX,
  JDK_UNIX,
  TCP;

  /// A client and a server of this library that are connected.
  Pair connected(UnaryOperator<ClientSide> clientSide, UnaryOperator<ServerSide> serverSide)
      throws Exception {
    Path directory = Files.createTempDirectory("dbus-kind");
    try (Meeting meeting = meeting(directory)) {
      TransportPair transports = meeting.ours();
      CompletableFuture<DBusConnection> serving =
          serverSide.apply(DBusConnection.serverSide(transports.server(), Guid.random())).accept();
      DBusConnection client =
          clientSide.apply(DBusConnection.clientSide(transports.client())).connect();
      return new Pair(client, serving.get(30, TimeUnit.SECONDS));
    } finally {
      delete(directory);
    }
  }

  private Meeting meeting(Path directory) throws IOException {
    return switch (this) {
      case MEMORY -> Meeting.inMemory();
      case UNIX -> Meeting.overJunixsocket(directory);
      case JDK_UNIX -> Meeting.overJdkUnixSockets(directory);
      case TCP -> Meeting.overTcp();
    };
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }

  /// Both sides of one connection.
  record Pair(DBusConnection client, DBusConnection server) implements AutoCloseable {
    @Override
    public void close() {
      client.close();
      server.close();
    }
  }
}
