package dbus.server;

import static dbus.connection.Argument.in;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CloseReason;
import dbus.connection.Interface;
import dbus.connection.Invocation;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one user may have, with however many connections, and what another has of it: everything
/// that is its own. The one is the user of this process, the other is nobody.
class ManyOfOneUserTest {

  private static final String NAME = "com.example.Slow1";

  @TempDir Path directory;

  private final Witness witness = new Witness();
  private final List<RawClient> clients = new ArrayList<>();
  private final BlockingQueue<Invocation> unanswered = new LinkedBlockingQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Semaphore inHandler = new Semaphore(0);

  private DBusServer server(ServerLimits limits) throws Exception {
    Interface slow =
        Interface.named(NAME)
            .method("Keep", List.of(in("text", STRING)), List.of(), unanswered::add)
            .method(
                "Block",
                () -> {
                  inHandler.release();
                  gate.await();
                })
            .build();
    return DBusServer.at("unix:path=" + directory.resolve("s"))
        .allowAnonymous()
        .limits(limits)
        .listener(witness)
        .export("/slow", slow)
        .start();
  }

  private RawClient mine(RawClient client) {
    clients.add(client);
    return client;
  }

  @AfterEach
  void closeClients() throws Exception {
    gate.countDown();
    for (RawClient client : clients) {
      client.close();
    }
  }

  private static MethodCall keep(int length) {
    return RawClient.call("/slow", NAME, "Keep")
        .withBody(Body.of(new Value.Str("x".repeat(length))));
  }

  private static void awaitUsers(DBusServer server, int count) {
    while (server.counters().users() != count) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("SERV-30 beyond the connections of a user the new one is closed, counted and told")
  void connectionsOfAUser() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withConnectionsPerUser(2))) {
      RawClient first = mine(RawClient.authenticated(server));
      RawClient second = mine(RawClient.authenticated(server));
      second.ping();
      RawClient third = mine(RawClient.authenticated(server));
      third.awaitEnd();
      assertEquals(RefusalReason.TOO_MANY_OF_USER, Witness.next(witness.refusals));
      assertEquals(
          List.of("accepted", "authenticated EXTERNAL", "refused TOO_MANY_OF_USER"),
          witness.toldOf(3));
      assertEquals(1, server.counters().refused(RefusalReason.TOO_MANY_OF_USER));
      mine(RawClient.anonymous(server)).ping();
      mine(RawClient.anonymous(server)).ping();
      first.ping();
      first.close();
      Witness.next(witness.closed);
      // The place is given back when the connection is over, with which its end is told.
      awaitOneMore(server);
    }
  }

  private void awaitOneMore(DBusServer server) throws Exception {
    while (true) {
      RawClient next = mine(RawClient.authenticated(server));
      try {
        next.ping();
        return;
      } catch (IOException refused) {
        assertEquals(RefusalReason.TOO_MANY_OF_USER, Witness.next(witness.refusals));
      }
    }
  }

  @Test
  @DisplayName("SERV-30 beyond the connections in all the new one is closed, counted and told")
  void connectionsInAll() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withConnections(2))) {
      RawClient first = mine(RawClient.authenticated(server));
      RawClient second = mine(RawClient.anonymous(server));
      first.ping();
      second.ping();
      mine(RawClient.silent(server)).awaitEnd();
      assertEquals(RefusalReason.TOO_MANY_CONNECTIONS, Witness.next(witness.refusals));
      assertEquals(List.of("accepted", "refused TOO_MANY_CONNECTIONS"), witness.toldOf(3));
      second.close();
      Witness.next(witness.closed);
      while (true) {
        RawClient next = mine(RawClient.silent(server));
        try {
          next.authenticate().ping();
          break;
        } catch (IOException | AssertionError refused) {
          assertEquals(RefusalReason.TOO_MANY_CONNECTIONS, Witness.next(witness.refusals));
        }
      }
      first.ping();
    }
  }

  @Test
  @DisplayName("SERV-30 several that were in their handshake when the last place went are refused")
  void theLastPlaceGoesToOne() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withConnections(1))) {
      List<RawClient> rivals = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        rivals.add(mine(RawClient.silent(server)));
      }
      while (server.counters().unfinishedHandshakes() < 10) {
        Thread.onSpinWait();
      }
      for (RawClient rival : rivals) {
        rival.send(RawClient.handshake());
      }
      for (int i = 0; i < 9; i++) {
        assertEquals(RefusalReason.TOO_MANY_CONNECTIONS, Witness.next(witness.refusals));
      }
      assertEquals(10, server.counters().authenticated());
    }
  }

  @Test
  @DisplayName("SERV-33 calls that are not answered are charged to their user, and to nobody else")
  void bytesOfCalls() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withBytesPerUser(330_000))) {
      RawClient other = mine(RawClient.anonymous(server));
      other.ping();
      RawClient first = mine(RawClient.authenticated(server)).send(keep(100_000));
      Invocation kept = unanswered.take();
      RawClient second = mine(RawClient.authenticated(server)).send(keep(100_000));
      unanswered.take();
      RawClient third = mine(RawClient.authenticated(server)).send(keep(100_000));
      third.awaitEnd();
      assertEquals(CloseReason.Kind.OVER_BUDGET, Witness.next(witness.closed).kind());
      other.send(keep(200_000));
      unanswered.take();
      other.ping();
      second.ping();
      kept.reply(Body.EMPTY);
      first.receive();
      mine(RawClient.authenticated(server)).send(keep(100_000)).ping();
    }
  }

  @Test
  @DisplayName("a message that is begun and not completed is charged, by what has come of it")
  void bytesOfUnfinishedMessages() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withBytesPerUser(300_000))) {
      MessageEncoder encoder = new MessageEncoder();
      ByteBuffer large = ByteBuffer.allocate(encoder.append(keep(1 << 20), 1));
      encoder.drainTo(large);
      // Announced large, and little has come: that is free.
      for (int i = 0; i < 20; i++) {
        mine(RawClient.authenticated(server)).send(large.slice(0, 1000));
      }
      RawClient greedy = mine(RawClient.authenticated(server));
      RawClient other = mine(RawClient.anonymous(server));
      other.ping();
      try {
        greedy.send(large.slice(0, 400_000));
      } catch (IOException endedMeanwhile) {
        assertEquals("Broken pipe", endedMeanwhile.getMessage());
      }
      greedy.awaitEnd();
      assertEquals(CloseReason.Kind.OVER_BUDGET, Witness.next(witness.closed).kind());
      other.ping();
      assertTrue(witness.closed.isEmpty());
    }
  }

  @Test
  @DisplayName("CONN-40 what waits for peers that do not read is charged to their user")
  void bytesThatWait() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withBytesPerUser(1 << 20))) {
      List<RawClient> deaf = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        deaf.add(mine(RawClient.authenticated(server)));
        Witness.next(witness.authenticated);
      }
      RawClient other = mine(RawClient.anonymous(server));
      other.ping();
      while (server.counters().open() < 5) {
        Thread.onSpinWait();
      }
      Signal signal =
          Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C"))
              .withBody(Body.of(new Value.Str("x".repeat(100_000))));
      // Far less than one connection may let pile up by itself.
      while (witness.closed.isEmpty()) {
        server.broadcast(signal, connection -> connection.identity().isPresent());
      }
      CloseReason reason = Witness.next(witness.closed);
      assertEquals(CloseReason.Kind.OVER_BUDGET, reason.kind(), reason::toString);
      other.ping();
      assertTrue(deaf.size() > server.counters().open() - 1);
    }
  }

  @Test
  @DisplayName("handlers are charged to their user until they return, also after the connection")
  void handlers() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withHandlersPerUser(4))) {
      // The first one runs on the thread that reads, and counts once another one reads instead, as
      // the answer to a ping shows. Then the method is known to be slow.
      MethodCall block = RawClient.call("/slow", NAME, "Block");
      RawClient first = mine(RawClient.authenticated(server)).send(block);
      inHandler.acquire();
      first.ping();
      Witness.next(witness.authenticated);
      for (int i = 0; i < 3; i++) {
        RawClient leaving = mine(RawClient.authenticated(server)).send(block);
        leaving.ping();
        // One that has not begun would not begin after the end.
        inHandler.acquire();
        // At this end, which does not wait for what is in progress.
        Witness.next(witness.authenticated).close(Duration.ZERO);
        Witness.next(witness.closed);
      }
      RawClient back = mine(RawClient.authenticated(server)).send(block);
      ErrorMessage error = (ErrorMessage) back.receive();
      assertEquals(ErrorName.LIMITS_EXCEEDED, error.errorName());
      back.ping();
      mine(RawClient.anonymous(server)).send(block).ping();
      gate.countDown();
      first.receive();
      for (RawClient client : clients) {
        client.close();
      }
      awaitUsers(server, 0);
    }
  }

  @Test
  @DisplayName("SERV-34 of a user who has gone, and for whom nothing is kept, nothing is left")
  void nothingIsLeft() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT)) {
      for (int i = 0; i < 5; i++) {
        RawClient client = mine(RawClient.authenticated(server)).send(keep(200_000));
        Invocation kept = unanswered.take();
        Witness.next(witness.authenticated).close(Duration.ZERO);
        client.awaitEnd();
        Witness.next(witness.closed);
        assertEquals(1, server.counters().users());
        kept.reply(Body.EMPTY);
      }
      awaitUsers(server, 0);
    }
  }
}
