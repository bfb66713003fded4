package dbus.server;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CloseReason;
import dbus.connection.Interface;
import dbus.connection.Invocation;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a server ends: at once, or when the calls in progress are answered.
class GracefulStopTest {

  private static final Duration LONG = Duration.ofSeconds(Witness.PATIENCE_SECONDS);

  @TempDir Path directory;

  private final Witness witness = new Witness();
  private final BlockingQueue<Invocation> calls = new LinkedBlockingQueue<>();

  private DBusServerBuilder server() {
    return DBusServer.at("unix:path=" + directory.resolve("s"))
        .listener(witness)
        .export(
            "/a",
            Interface.named("com.example.Later1")
                .method("Later", List.of(), List.of(out("it", STRING)), calls::add)
                .build());
  }

  private static MethodCall later() {
    return RawClient.call("/a", "com.example.Later1", "Later");
  }

  private static CompletableFuture<Boolean> stop(DBusServer server, Duration patience) {
    CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            stopped.complete(server.stopGracefully(patience));
          } catch (Exception e) {
            stopped.completeExceptionally(e);
          }
        });
    return stopped;
  }

  @Test
  @DisplayName(
      "SERV-04 calls in progress are answered, new ones refused by name, then all is closed")
  void callsInProgressAreAnswered() throws Exception {
    try (DBusServer server = server().start();
        RawClient busy = RawClient.authenticated(server);
        RawClient idle = RawClient.authenticated(server)) {
      idle.ping();
      Invocation call = take(busy.send(later()));
      CompletableFuture<Boolean> stopped = stop(server, LONG);
      assertEquals(ServerState.ACTIVE, Witness.next(witness.states));
      assertEquals(ServerState.STOPPED, Witness.next(witness.states));
      // The server says so, and then asks the connections to take no more.
      while (true) {
        ErrorMessage refused = answerOrRefusal(busy);
        if (refused != null) {
          assertEquals(ErrorName.DISCONNECTED, refused.errorName());
          break;
        }
      }
      assertThrows(IOException.class, () -> RawClient.silent(server));
      busy.ping();
      assertFalse(stopped.isDone());
      call.reply(Body.of(STRING, "at last"));
      MethodReturn answer = assertInstanceOf(MethodReturn.class, busy.receive());
      assertEquals("at last", answer.body().read(STRING));
      assertTrue(stopped.get());
      busy.awaitEnd();
      idle.awaitEnd();
      assertEquals(CloseReason.Kind.LOCAL, Witness.next(witness.closed).kind());
      assertEquals(CloseReason.Kind.LOCAL, Witness.next(witness.closed).kind());
      assertEquals(ServerState.CLOSED, Witness.next(witness.states));
    }
    assertTrue(witness.states.isEmpty(), "closing once more tells nothing");
    assertTrue(witness.closed.isEmpty());
  }

  private Invocation take(RawClient client) throws InterruptedException {
    assertTrue(client.socket().isOpen());
    return Witness.next(calls);
  }

  /// A call that comes before the connection takes no more is answered here.
  private ErrorMessage answerOrRefusal(RawClient client) throws Exception {
    client.send(later());
    client.send(RawClient.pingCall());
    dbus.wire.Message first = client.receive();
    if (first instanceof ErrorMessage refused) {
      assertInstanceOf(MethodReturn.class, client.receive());
      return refused;
    }
    Witness.next(calls).reply(Body.of(STRING, "in time"));
    client.receive();
    return null;
  }

  @Test
  @DisplayName("SERV-04 a call that is not answered in time holds up the end no longer")
  void theDeadline() throws Exception {
    DBusServer server = server().start();
    try (RawClient client = RawClient.authenticated(server)) {
      Invocation call = take(client.send(later()));
      assertFalse(server.stopGracefully(Duration.ofMillis(20)));
      client.awaitEnd();
      assertEquals(ServerState.CLOSED, server.state());
      // Nobody waits for it any more.
      call.reply(Body.of(STRING, "too late"));
    }
  }

  @Test
  void aServerWithoutCallsStopsAtOnce() throws Exception {
    DBusServer server = server().start();
    try (RawClient client = RawClient.authenticated(server)) {
      client.ping();
      assertTrue(server.stopGracefully(LONG));
      client.awaitEnd();
    }
    assertTrue(server.stopGracefully(LONG));
  }

  @Test
  @DisplayName("a connection that ends meanwhile is not waited for")
  void aPeerThatLeaves() throws Exception {
    DBusServer server = server().start();
    try (RawClient client = RawClient.authenticated(server)) {
      take(client.send(later()));
      CompletableFuture<Boolean> stopped = stop(server, LONG);
      Witness.next(witness.states);
      Witness.next(witness.states);
      server.connections().forEach(connection -> connection.close(Duration.ZERO));
      assertTrue(stopped.get());
    }
  }

  @Test
  @DisplayName("SERV-03, SERV-07 each state is told once, in order, and can be asked for")
  void states() throws Exception {
    DBusServer server = server().open();
    assertEquals(ServerState.BOUND, server.state());
    server.start().start();
    assertEquals(ServerState.ACTIVE, server.state());
    server.stop();
    server.stop();
    assertEquals(ServerState.STOPPED, server.state());
    server.close();
    server.close();
    assertEquals(
        List.of(ServerState.ACTIVE, ServerState.STOPPED, ServerState.CLOSED),
        List.of(
            Witness.next(witness.states),
            Witness.next(witness.states),
            Witness.next(witness.states)));
  }
}
