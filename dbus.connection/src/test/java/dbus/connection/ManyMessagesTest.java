package dbus.connection;

import static dbus.connection.ScriptedPeer.call;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Numbers of messages that only an enemy sends, or a very good friend.
class ManyMessagesTest {

  private static final Duration FOREVER = Duration.ofDays(1000);
  private static final int MILLION = 1_000_000;
  private static final int IN_ONE_PACKET = 1000;

  private final ScriptedPeer peer = new ScriptedPeer();
  private DBusConnection connection;

  @BeforeEach
  void serve() throws Exception {
    CompletableFuture<DBusConnection> serving = peer.served().accept();
    peer.authenticates();
    connection = serving.get(30, TimeUnit.SECONDS);
  }

  private static MethodReturn replyTo(int serial) {
    return MethodReturn.to(call("/", "a.b", "C").withSerial(serial));
  }

  @Test
  @DisplayName(
      "SEC-14, CONN-06 100,000 calls wait, among as many replies that nobody waits for, and each is"
          + " answered by its own")
  void outstandingCalls() throws Exception {
    int count = 100_000;
    List<CompletableFuture<MethodReturn>> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replies.add(connection.callAsync(call("/", "a.b", "C"), FOREVER));
    }
    List<Integer> serials = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      serials.add(peer.receives().serial());
    }
    assertEquals(count, serials.stream().distinct().count());
    List<Integer> order = new ArrayList<>(serials);
    Collections.shuffle(order, new Random(1));
    for (int from = 0; from < count; from += IN_ONE_PACKET) {
      List<byte[]> packet = new ArrayList<>();
      for (int serial : order.subList(from, from + IN_ONE_PACKET)) {
        packet.add(peer.bytesOf(replyTo(count + 1 + serial)));
        packet.add(peer.bytesOf(replyTo(serial).withBody(Body.of(INT32, serial))));
      }
      peer.sends(packet.toArray(byte[][]::new));
    }
    for (int i = 0; i < count; i++) {
      assertEquals(serials.get(i), replies.get(i).get(30, TimeUnit.SECONDS).body().read(INT32));
    }
  }

  @Test
  @DisplayName("SEC-16 a reply counts on the connection by which the call went out, and only there")
  void repliesOfOthers() throws Exception {
    ScriptedPeer other = new ScriptedPeer();
    CompletableFuture<DBusConnection> serving = other.served().accept();
    other.authenticates();
    CompletableFuture<MethodReturn> reply = connection.callAsync(call("/", "a.b", "C"), FOREVER);
    int serial = peer.receives().serial();
    other.sends(replyTo(serial));
    other.sends(call("/", "org.freedesktop.DBus.Peer", "Ping"));
    assertInstanceOf(MethodReturn.class, other.receives());
    assertFalse(reply.isDone());
    peer.sends(replyTo(serial + 1));
    assertFalse(reply.isDone());
    peer.sends(replyTo(serial).withBody(Body.of(STRING, "its own")));
    assertEquals("its own", reply.get(30, TimeUnit.SECONDS).body().read(STRING));
    serving.get().close(Duration.ZERO);
  }

  /// Sends a million of them.
  private void million(byte[] one) {
    ByteBuffer packet = ByteBuffer.allocate(IN_ONE_PACKET * one.length);
    for (int i = 0; i < IN_ONE_PACKET; i++) {
      packet.put(one);
    }
    for (int sent = 0; sent < MILLION; sent += IN_ONE_PACKET) {
      peer.sends(packet.array());
    }
  }

  private static long usedMemory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  @DisplayName(
      "SEC-36 a million messages of an unknown type, replies to nothing, and signals to nobody leave"
          + " no trace")
  void smallMessages() throws Exception {
    byte[] unknown = HexFormat.of().parseHex("6c050001000000000100000000000000");
    byte[] reply = MessageEncoder.encode(replyTo(77), 1, ByteOrder.nativeOrder());
    byte[] signal =
        MessageEncoder.encode(
            Signal.of(new ObjectPath("/"), new InterfaceName("a.b"), new MemberName("C")),
            1,
            ByteOrder.nativeOrder());
    long before = usedMemory();
    for (byte[] one : List.of(unknown, reply, signal)) {
      million(one);
    }
    // One that was kept of each would be a hundred times as much.
    assertTrue(usedMemory() - before < 16L << 20, () -> usedMemory() + " after " + before);
    peer.sends(call("/", "org.freedesktop.DBus.Peer", "Ping"));
    assertInstanceOf(MethodReturn.class, peer.receives());
  }

  @Test
  @DisplayName("CONN-25, CONN-04 what several threads send is whole, each in its order")
  void severalSenders() throws Exception {
    int threads = 4;
    int each = 500;
    List<Thread> senders = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      String path = "/thread" + thread;
      senders.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < each; i++) {
                    connection.emit(
                        path,
                        "a.b",
                        "C",
                        Body.of(new Value.Int32(i), new Value.Str("x".repeat(i % 7 * 3000))));
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    int[] next = new int[threads];
    for (int i = 1; i <= threads * each; i++) {
      Message message = peer.receives();
      assertEquals(i, message.serial());
      Signal signal = assertInstanceOf(Signal.class, message);
      int thread = Integer.parseInt(signal.path().value().substring("/thread".length()));
      int number = assertInstanceOf(Value.Int32.class, signal.body().values().getFirst()).value();
      assertEquals(next[thread]++, number);
    }
    assertTrue(Arrays.stream(next).allMatch(count -> count == each));
    for (Thread sender : senders) {
      sender.join();
    }
  }

  @Test
  @DisplayName("SEC-08 what cannot be sent is the caller's error alone: the peer sees nothing")
  void refusedSend() throws Exception {
    Body tooLong = Body.of(STRING, "x".repeat(MessageDecoder.MAX_MESSAGE_LENGTH - 8));
    MethodCall call = call("/", "a.b", "C").withBody(tooLong);
    assertThrows(IllegalArgumentException.class, () -> connection.emit("/", "a.b", "C", tooLong));
    assertThrows(IllegalArgumentException.class, () -> connection.call(call, FOREVER));
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          var _ = connection.callAsync(call, FOREVER);
        });
    assertTrue(peer.hasHeardAll());
    connection.emit("/", "a.b", "C", Body.EMPTY);
    assertEquals(1, peer.receives().serial());
  }
}
