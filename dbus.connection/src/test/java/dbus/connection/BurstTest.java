package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dbus.connection.outgoing.Outbox;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a handler on a thread of its own sends in a burst")
class BurstTest {

  private static final Signal SIGNAL =
      Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C"));
  private static final MethodCall CALL = MethodCall.of(new ObjectPath("/a"), new MemberName("D"));

  private static final int MANY = 1000;

  private final CountingPeer peer = new CountingPeer().reads();
  private final Outbox outbox = peer.outbox(1 << 20, why -> fail(why));

  private void sendMany() {
    outbox.burst().begin();
    for (int i = 0; i < MANY; i++) {
      assertTrue(CountingPeer.send(outbox, SIGNAL));
    }
  }

  private static int length(Message message) {
    return MessageEncoder.encode(message, 1, ByteOrder.nativeOrder()).length;
  }

  @Test
  void sharesWrites() {
    sendMany();
    outbox.burst().end();
    assertEquals(MANY * length(SIGNAL), peer.bytes());
    assertTrue(peer.writes() < MANY / 2, () -> peer.writes() + " writes");
  }

  @Test
  void leavesWhileTheHandlerStillRuns() {
    sendMany();
    long begun = System.nanoTime();
    while (peer.bytes() < MANY * length(SIGNAL)) {
      assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(20), "it does not leave");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void leavesBeforeACall() {
    sendMany();
    assertTrue(CountingPeer.send(outbox, CALL));
    // Unless the alarm is writing at this very moment, on another thread.
    long begun = System.nanoTime();
    while (peer.bytes() < MANY * length(SIGNAL) + length(CALL)) {
      assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(20), "it does not leave");
      Thread.onSpinWait();
    }
  }
}
