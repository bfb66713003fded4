package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.FailureReason;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator sees: listeners, counters, JMX, and the JDK Flight Recorder.
class WatchTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();

  private DBusServerBuilder server() {
    return DBusServer.at("unix:path=" + directory.resolve("s")).listener(witness);
  }

  @Test
  @DisplayName("of each peer everything is told in order, and it comes to one end")
  void inOrder() throws Exception {
    try (DBusServer server = server().start()) {
      for (int i = 0; i < 20; i++) {
        try (RawClient client = RawClient.authenticated(server)) {
          client.ping();
        }
        Witness.next(witness.closed);
        RawClient.silent(server).send("\0").close();
        Witness.next(witness.failures);
      }
      for (int i = 1; i <= 40; i += 2) {
        assertEquals(
            List.of("accepted", "authenticated EXTERNAL", "closed REMOTE"), witness.toldOf(i));
        assertEquals(List.of("accepted", "failed END_OF_STREAM"), witness.toldOf(i + 1));
      }
      ServerCounters counters = server.counters();
      assertEquals(40, counters.accepted());
      assertEquals(20, counters.authenticated());
      assertEquals(20, counters.closed());
      assertEquals(20, counters.authenticationFailed(FailureReason.END_OF_STREAM));
      assertEquals(Map.of(FailureReason.END_OF_STREAM, 20L), counters.authenticationFailed());
      assertEquals(0, counters.open());
      assertEquals(0, counters.unfinishedHandshakes());
    }
  }

  @Test
  @DisplayName("what a listener throws changes nothing, and the next listener is told all the same")
  void aListenerThatThrows() throws Exception {
    ServerListener throwing =
        new ServerListener() {
          @Override
          public void stateChanged(ServerState state) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void accepted(AcceptedPeer peer) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void authenticated(AcceptedPeer peer, dbus.connection.DBusConnection connection) {
            throw new StackOverflowError("on purpose");
          }

          @Override
          public void closed(
              AcceptedPeer peer,
              dbus.connection.DBusConnection connection,
              dbus.connection.CloseReason reason) {
            throw new IllegalStateException("on purpose");
          }
        };
    try (DBusServer server =
        DBusServer.at("unix:path=" + directory.resolve("s"))
            .listener(throwing)
            .listener(witness)
            .start()) {
      try (RawClient client = RawClient.authenticated(server)) {
        client.ping();
      }
      Witness.next(witness.closed);
      assertEquals(
          List.of("accepted", "authenticated EXTERNAL", "closed REMOTE"), witness.toldOf(1));
    }
    assertEquals(
        List.of(ServerState.ACTIVE, ServerState.STOPPED, ServerState.CLOSED),
        List.of(
            Witness.next(witness.states),
            Witness.next(witness.states),
            Witness.next(witness.states)));
  }

  @Test
  @DisplayName("CONN-51 a listener that never returns holds up no peer, and no other listener")
  void aListenerThatHangs() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ServerListener hanging =
        new ServerListener() {
          @Override
          public void accepted(AcceptedPeer peer) {
            try {
              gate.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };
    try (DBusServer server =
        DBusServer.at("unix:path=" + directory.resolve("s"))
            .listener(hanging)
            .listener(witness)
            .start()) {
      for (int i = 1; i <= 3; i++) {
        try (RawClient client = RawClient.authenticated(server)) {
          client.ping();
        }
        Witness.next(witness.closed);
        assertEquals(
            List.of("accepted", "authenticated EXTERNAL", "closed REMOTE"), witness.toldOf(i));
      }
    } finally {
      gate.countDown();
    }
  }

  @Test
  @DisplayName("JMX shows the counters as long as the server is not closed, and only if asked to")
  void jmx() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName all = new ObjectName("dbus.server:*");
    DBusServer server = server().jmx().start();
    ObjectName name = new ObjectName("dbus.server:type=DBusServer,guid=" + server.guid());
    assertTrue(beans.isRegistered(name));
    ServerMXBean bean = JMX.newMXBeanProxy(beans, name, ServerMXBean.class);
    try (RawClient client = RawClient.authenticated(server)) {
      client.ping();
      RawClient.silent(server).send("x").awaitEnd();
      Witness.next(witness.failures);
      assertEquals("ACTIVE", bean.getState());
      assertEquals(List.of(server.clientAddress().toString()), bean.getClientAddresses());
      assertEquals(2, bean.getAccepted());
      assertEquals(1, bean.getAuthenticated());
      assertEquals(Map.of("NOT_DBUS", 1L), bean.getAuthenticationFailed());
      assertEquals(0L, bean.getRefused().get("NOT_CLAIMED"));
      assertEquals(RefusalReason.values().length, bean.getRefused().size());
      assertEquals(0, bean.getClosed());
      assertEquals(0, bean.getAcceptFailures());
      assertEquals(0, bean.getUnfinishedHandshakes());
      assertEquals(1, bean.getOpen());
      assertEquals(1, bean.getUsers());
    }
    server.close();
    assertFalse(beans.isRegistered(name));
    try (DBusServer unseen = DBusServer.at("unix:path=" + directory.resolve("t")).start()) {
      assertTrue(unseen.isActive());
      assertTrue(beans.queryNames(all, null).isEmpty());
    }
  }

  @Test
  @DisplayName("accepted and refused peers are events of the JDK Flight Recorder")
  void flightRecorder() throws Exception {
    BlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
    try (RecordingStream recording = new RecordingStream();
        DBusServer server = server().claim(connection -> false).start()) {
      recording.enable("dbus.PeerAccepted");
      recording.enable("dbus.PeerRefused");
      recording.onEvent("dbus.PeerAccepted", events::add);
      recording.onEvent("dbus.PeerRefused", events::add);
      recording.startAsync();
      try (RawClient client = RawClient.authenticated(server)) {
        client.awaitEnd();
      }
      recording.stop();
      RecordedEvent accepted = Witness.next(events);
      RecordedEvent refused = Witness.next(events);
      assertEquals("dbus.PeerAccepted", accepted.getEventType().getName());
      assertEquals(1, accepted.getLong("peer"));
      assertEquals(server.clientAddress().toString(), accepted.getString("address"));
      assertTrue(accepted.getString("credentials").startsWith("uid "));
      assertEquals("dbus.PeerRefused", refused.getEventType().getName());
      assertEquals(1, refused.getLong("peer"));
      assertEquals("NOT_CLAIMED", refused.getString("reason"));
    }
  }
}
