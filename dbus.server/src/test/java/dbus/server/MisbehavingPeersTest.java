package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Peers that do what they should not, and one that does not notice.
class MisbehavingPeersTest {

  @TempDir Path directory;

  private DBusServer server() throws Exception {
    return DBusServer.at("unix:path=" + directory.resolve("s")).start();
  }

  /// The same bytes again and again, until the test is over.
  private static Thread flood(
      RawClient client, ByteBuffer bytes, AtomicLong sent, AtomicBoolean done) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            while (!done.get()) {
              client.send(bytes.duplicate());
              sent.incrementAndGet();
            }
          } catch (IOException closedByTheTest) {
            assertTrue(done.get(), closedByTheTest::toString);
          }
        });
  }

  /// Some of a message, as one piece, so that many go in few system calls.
  private static ByteBuffer many(Message message) {
    MessageEncoder encoder = new MessageEncoder();
    for (int i = 1; i <= 100; i++) {
      encoder.append(message, i);
    }
    ByteBuffer bytes = ByteBuffer.allocate(encoder.size());
    encoder.drainTo(bytes);
    return bytes.flip();
  }

  @Test
  @DisplayName(
      "SERV-33 64 silent handshakes, one flooder and one that never reads: a good peer is served all the while")
  void pingsAreAnswered() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong flooded = new AtomicLong();
    List<RawClient> silent = new ArrayList<>();
    ByteBuffer signals =
        many(Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C")));
    ByteBuffer calls = many(RawClient.pingCall());
    try (DBusServer server = server();
        RawClient flooder = RawClient.authenticated(server);
        RawClient deaf = RawClient.authenticated(server)) {
      for (int i = 0; i < 63; i++) {
        silent.add(RawClient.silent(server));
      }
      Thread flooding = flood(flooder, signals, flooded, done);
      // It asks, and does not read: the answers pile up, until nothing is read from it any more.
      Thread asking = flood(deaf, calls, new AtomicLong(), done);
      while (flooded.get() < 10) {
        Thread.onSpinWait();
      }
      try (RawClient good = RawClient.authenticated(server)) {
        // The last place for a handshake is taken when the good peer has left its own.
        silent.add(RawClient.silent(server));
        while (server.counters().unfinishedHandshakes() < 64) {
          Thread.onSpinWait();
        }
        long before = flooded.get();
        for (int i = 0; i < 2000; i++) {
          good.ping();
        }
        assertTrue(flooded.get() > before, "the flood went on meanwhile");
      } finally {
        done.set(true);
        deaf.close();
        flooding.join();
        asking.join();
      }
      assertEquals(0, server.counters().refused(RefusalReason.SILENT_WHILE_OTHERS_WAIT));
      for (RawClient one : silent) {
        one.close();
      }
    }
  }

  @Test
  @DisplayName(
      "SEC-36 a million each of unknown types, replies to nothing, and empty signals: the same")
  void manySmallThings() throws Exception {
    ByteBuffer unknownType =
        many(Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C")));
    int length = unknownType.limit() / 100;
    for (int i = 0; i < 100; i++) {
      unknownType.put(i * length + 1, (byte) 77);
    }
    List<ByteBuffer> things =
        List.of(
            unknownType,
            many(MethodReturn.to(RawClient.pingCall().withSerial(4711))),
            many(
                Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C"))
                    .withBody(Body.EMPTY)));
    try (DBusServer server = server()) {
      for (ByteBuffer thing : things) {
        try (RawClient client = RawClient.authenticated(server)) {
          for (int i = 0; i < 10_000; i++) {
            client.send(thing.duplicate());
          }
          client.ping();
        }
      }
      while (server.counters().users() > 0) {
        Thread.onSpinWait();
      }
      assertEquals(3, server.counters().closed());
    }
  }
}
