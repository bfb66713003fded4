package dbus.server;

import static dbus.connection.Argument.in;
import static dbus.connection.UnixFd.UNIX_FD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.connection.Invocation;
import dbus.connection.SignalMatch;
import dbus.connection.UnixFd;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What handlers hold for one user: file descriptors and signals.
class UserDescriptorsTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();
  private final BlockingQueue<Invocation> kept = new LinkedBlockingQueue<>();

  private DBusServerBuilder server(ServerLimits limits) {
    return DBusServer.at("unix:path=" + directory.resolve("s")).limits(limits).listener(witness);
  }

  private static CompletableFuture<?> give(DBusConnection client) throws IOException {
    UnixFd.Pipe pipe = UnixFd.pipe();
    pipe.writer().close();
    return client.callAsync(
        RawClient.call("/a", "com.example.Keep1", "Keep").withBody(Body.of(UNIX_FD, pipe.reader())),
        DBusConnection.DEFAULT_TIMEOUT);
  }

  @Test
  @DisplayName("CONN-41 descriptors that handlers hold are charged to the user of all connections")
  void descriptors() throws Exception {
    try (DBusServer server =
            server(ServerLimits.DEFAULT.withUnixFdsPerUser(2))
                .export(
                    "/a",
                    Interface.named("com.example.Keep1")
                        .method("Keep", List.of(in("it", UNIX_FD)), List.of(), kept::add)
                        .build())
                .start();
        DBusConnection first = DBusConnection.connect(server.clientAddress().toString());
        DBusConnection second = DBusConnection.connect(server.clientAddress().toString());
        DBusConnection third = DBusConnection.connect(server.clientAddress().toString())) {
      var answer = give(first);
      Invocation one = Witness.next(kept);
      var _ = give(second);
      Witness.next(kept);
      var _ = give(third);
      assertEquals(CloseReason.Kind.OVER_BUDGET, Witness.next(witness.closed).kind());
      one.reply(Body.EMPTY);
      answer.get();
      // The first gave back what the third lacked.
      var _ = give(first);
      Witness.next(kept);
      // It may not have noticed yet.
      var _ = third.closed().toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertThrows(IOException.class, () -> third.emit("/a", "a.b", "C", Body.EMPTY));
    }
  }

  @Test
  @DisplayName("CONN-41 signals that wait for a handler are charged to the user of the connection")
  void signals() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch inHandler = new CountDownLatch(1);
    Signal signal =
        Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C"))
            .withBody(Body.of(new Value.Str("x".repeat(100_000))));
    try (DBusServer server =
            server(ServerLimits.DEFAULT.withBytesPerUser(1 << 20))
                .onConnection(connection -> {
                  var _ =
                      connection.subscribe(
                          SignalMatch.all(),
                          one -> {
                            inHandler.countDown();
                            await(gate);
                          });
                })
                .start();
        RawClient client = RawClient.authenticated(server)) {
      client.send(signal);
      inHandler.await();
      client.ping();
      // Far less than the 63 MiB that one connection may let wait by itself.
      try {
        for (int i = 0; i < 30; i++) {
          client.send(signal);
        }
      } catch (IOException ended) {
        assertEquals("Broken pipe", ended.getMessage());
      }
      client.awaitEnd();
      assertEquals(CloseReason.Kind.OVER_BUDGET, Witness.next(witness.closed).kind());
      gate.countDown();
      while (server.counters().users() > 0) {
        Thread.onSpinWait();
      }
    }
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
