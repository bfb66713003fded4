package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dbus.auth.Credentials;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
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

  private final Peer peer = new Peer();
  private final Outbox outbox =
      new Outbox(
          peer,
          new Filters(),
          new Wiretaps(),
          new Events(),
          1 << 20,
          new Spending().queue(),
          serial -> false,
          (why, gone) -> fail(why));

  private static final class Peer implements Transport {
    private volatile int bytes;
    private volatile int writes;

    @Override
    public void start(Receiver receiver) {}

    @Override
    public void readElsewhere() {}

    // One thread at a time writes.
    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void write(ByteBuffer piece, List<FileDescriptor> unixFds) {
      writes++;
      bytes += piece.remaining();
      piece.position(piece.limit());
    }

    @Override
    public Credentials credentials() {
      return Credentials.UNKNOWN;
    }

    @Override
    public int maxUnixFds() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private void sendMany() {
    outbox.burst().begin();
    for (int i = 0; i < MANY; i++) {
      assertTrue(outbox.send(SIGNAL));
    }
  }

  private static int length(Message message) {
    return MessageEncoder.encode(message, 1, ByteOrder.nativeOrder()).length;
  }

  @Test
  void sharesWrites() {
    sendMany();
    outbox.burst().end();
    assertEquals(MANY * length(SIGNAL), peer.bytes);
    assertTrue(peer.writes < MANY / 2, () -> peer.writes + " writes");
  }

  @Test
  void leavesWhileTheHandlerStillRuns() {
    sendMany();
    long begun = System.nanoTime();
    while (peer.bytes < MANY * length(SIGNAL)) {
      assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(20), "it does not leave");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void leavesBeforeACall() {
    sendMany();
    assertTrue(outbox.send(CALL));
    // Unless the alarm is writing at this very moment, on another thread.
    long begun = System.nanoTime();
    while (peer.bytes < MANY * length(SIGNAL) + length(CALL)) {
      assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(20), "it does not leave");
      Thread.onSpinWait();
    }
  }
}
