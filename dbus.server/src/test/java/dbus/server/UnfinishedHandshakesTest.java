package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthObserver;
import dbus.auth.FailureReason;
import dbus.auth.PeerInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many handshakes may be unfinished, and who has to make room for whom.
class UnfinishedHandshakesTest {

  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir Path directory;

  private final Witness witness = new Witness();
  private final List<RawClient> clients = new ArrayList<>();

  private DBusServer server(ServerLimits limits) throws Exception {
    return DBusServer.at("unix:path=" + directory.resolve("s"))
        .limits(limits)
        .listener(witness)
        .start();
  }

  private RawClient silent(DBusServer server) throws Exception {
    RawClient client = RawClient.silent(server);
    clients.add(client);
    return client;
  }

  @AfterEach
  void closeClients() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
  }

  private static void awaitUnfinished(DBusServer server, int count) {
    while (server.counters().unfinishedHandshakes() != count) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName(
      "SERV-29 at the limit nobody is begun with nor dropped; when one is done, the next is")
  void theNextWaitsForOneToEnd() throws Exception {
    try (DBusServer server =
        server(
            ServerLimits.DEFAULT
                .withUnfinishedHandshakes(2)
                .withHandshakeGrace(NEVER)
                .withHandshakeTime(NEVER))) {
      RawClient first = silent(server);
      RawClient second = silent(server);
      awaitUnfinished(server, 2);
      List<RawClient> later = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        later.add(silent(server).send(RawClient.handshake()));
      }
      // One more is accepted, and waits where it is.
      for (int i = 0; i < 3; i++) {
        Witness.next(witness.accepted);
      }
      assertTrue(witness.authenticated.isEmpty());
      assertEquals(2, server.counters().unfinishedHandshakes());
      first.close();
      for (RawClient client : later) {
        client.expectOk().ping();
      }
      second.authenticate().ping();
      assertEquals(0, server.counters().refused().values().stream().mapToLong(n -> n).sum());
      assertEquals(11, server.counters().authenticated());
    }
  }

  @Test
  @DisplayName("SERV-29, AUTH-24 the time limit of a silent one makes room as well")
  void theNextWaitsForTheTimeLimit() throws Exception {
    try (DBusServer server =
        server(
            ServerLimits.DEFAULT
                .withUnfinishedHandshakes(1)
                .withHandshakeGrace(NEVER)
                .withHandshakeTime(Duration.ofMillis(200)))) {
      RawClient first = silent(server);
      awaitUnfinished(server, 1);
      silent(server).authenticate().ping();
      first.awaitEnd();
      assertEquals(FailureReason.TIMED_OUT, Witness.next(witness.failures));
    }
  }

  @Test
  @DisplayName("SEC-15 64 silent peers, then a good one gets in, long before their time limit")
  void silentPeersMakeRoom() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withHandshakeTime(NEVER))) {
      // Which of two handshakes begins first is a matter of threads. This one has an answer
      // already,
      // and has owed its next line since then, when the others come.
      assertEquals("REJECTED", silent(server).send("\0AUTH\r\n").read(8));
      for (int i = 1; i < 64; i++) {
        silent(server);
      }
      awaitUnfinished(server, 64);
      silent(server).authenticate().ping();
      assertEquals(1, server.counters().refused(RefusalReason.SILENT_WHILE_OTHERS_WAIT));
      clients.getFirst().awaitEnd();
      assertEquals(
          List.of("accepted", "refused SILENT_WHILE_OTHERS_WAIT"),
          witness.toldOf(1),
          "the one that was silent for longest");
    }
  }

  @Test
  @DisplayName("SEC-15 peers that send bytes which end no line make room like silent ones")
  void dribblingPeersMakeRoom() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withHandshakeTime(NEVER))) {
      for (int i = 0; i < 64; i++) {
        silent(server).send("\0AUTH EXTERN");
      }
      awaitUnfinished(server, 64);
      AtomicBoolean done = new AtomicBoolean();
      Thread dribbling = Thread.ofPlatform().start(() -> dribble(clients.subList(0, 64), done));
      try (RawClient good = RawClient.authenticated(server)) {
        good.ping();
      } finally {
        done.set(true);
        dribbling.join();
      }
    }
  }

  private static void dribble(List<RawClient> clients, AtomicBoolean done) {
    while (!done.get()) {
      for (RawClient client : clients) {
        try {
          client.send("A");
        } catch (IOException putOut) {
          assertTrue(String.valueOf(putOut.getMessage()).contains("pipe"), putOut::toString);
        }
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  @DisplayName("SERV-29 a silent peer has all of its time as long as nobody waits")
  void nobodyIsPutOutForNothing() throws Exception {
    try (DBusServer server =
        server(
            ServerLimits.DEFAULT
                .withUnfinishedHandshakes(3)
                .withHandshakeGrace(Duration.ofNanos(1))
                .withHandshakeTime(NEVER))) {
      RawClient slow = silent(server);
      awaitUnfinished(server, 1);
      for (int i = 0; i < 20; i++) {
        silent(server).authenticate().ping();
      }
      slow.authenticate().ping();
      assertEquals(0, server.counters().refused(RefusalReason.SILENT_WHILE_OTHERS_WAIT));
    }
  }

  @Test
  @DisplayName("a peer that waits for the server's own answer is not put out")
  void theServersOwnTimeDoesNotCount() throws Exception {
    var gate = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    try (DBusServer server =
        DBusServer.at("unix:path=" + directory.resolve("s"))
            .limits(
                ServerLimits.DEFAULT
                    .withUnfinishedHandshakes(1)
                    .withHandshakeGrace(Duration.ofMillis(1))
                    .withHandshakeTime(NEVER))
            .listener(witness)
            .authObserver(
                new AuthObserver() {
                  @Override
                  public boolean authorize(PeerInfo peer) {
                    asked.countDown();
                    try {
                      gate.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    return true;
                  }
                })
            .start()) {
      RawClient first = silent(server).send(RawClient.handshake());
      asked.await();
      RawClient second = silent(server).send(RawClient.handshake());
      Witness.next(witness.accepted);
      Witness.next(witness.accepted);
      // The second is accepted and waits. There is no event for what does not happen: this is many
      // times the grace.
      LockSupport.parkNanos(50_000_000);
      gate.countDown();
      first.expectOk().ping();
      second.expectOk().ping();
      assertEquals(0, server.counters().refused(RefusalReason.SILENT_WHILE_OTHERS_WAIT));
    }
  }

  @Test
  @DisplayName("1,000 silent peers do not keep the next good one out")
  void aThousandSilentPeers() throws Exception {
    try (DBusServer server =
        server(
            ServerLimits.DEFAULT
                .withHandshakeGrace(Duration.ofMillis(10))
                .withHandshakeTime(NEVER))) {
      for (int i = 0; i < 1000; i++) {
        silent(server);
      }
      silent(server).authenticate().ping();
      assertTrue(server.counters().unfinishedHandshakes() <= 64);
    }
  }

  @Test
  void stoppingEndsTheWaitForRoom() throws Exception {
    DBusServer server =
        server(
            ServerLimits.DEFAULT
                .withUnfinishedHandshakes(1)
                .withHandshakeGrace(NEVER)
                .withHandshakeTime(NEVER));
    RawClient first = silent(server);
    RawClient second = silent(server);
    Witness.next(witness.accepted);
    Witness.next(witness.accepted);
    awaitUnfinished(server, 1);
    server.close();
    first.awaitEnd();
    second.awaitEnd();
    assertEquals(RefusalReason.STOPPED, Witness.next(witness.refusals));
    assertEquals(RefusalReason.STOPPED, Witness.next(witness.refusals));
  }
}
