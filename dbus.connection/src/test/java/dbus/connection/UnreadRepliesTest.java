package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A peer that asks, and reads no answer.
class UnreadRepliesTest {

  private static final int CALLS = 200_000;

  private static final long MORE = 1 << 20;

  /// Remembers the most that was charged at a time.
  private static final class Peak extends OpenBudget {

    private final AtomicLong now = new AtomicLong();
    private final AtomicLong most = new AtomicLong();

    @Override
    public boolean chargeBytes(long bytes) {
      most.accumulateAndGet(now.addAndGet(bytes), Math::max);
      return true;
    }

    @Override
    public void refundBytes(long bytes) {
      now.addAndGet(-bytes);
    }
  }

  @Test
  @DisplayName(
      "CONN-39, CONN-41 of 200,000 calls of 4 KB, and their replies, no more is kept than may be")
  void bounded() throws Exception {
    Peak budget = new Peak();
    ConnectionLimits limits = ConnectionLimits.DEFAULT;
    Interface echo =
        Interface.named("com.example.Echo1")
            .method("Echo", in("bytes", BYTES), out("bytes", BYTES), bytes -> bytes)
            .build();
    ObjectTree objects = new ObjectTree();
    var _ = objects.export(new ObjectPath("/echo"), echo);
    MethodCall call =
        MethodCall.of(
                new ObjectPath("/echo"),
                new InterfaceName("com.example.Echo1"),
                new MemberName("Echo"))
            .withBody(Body.of(BYTES, new byte[4000]));
    try (RawPeer peer = new RawPeer()) {
      var over =
          DBusConnection.serverSide(peer.transport(), UnixFdScene.GUID)
              .limits(limits.withOutgoingTime(Duration.ofSeconds(1)))
              .budget(connection -> budget)
              .objects(objects)
              .start();
      peer.authenticates();
      int sent = 0;
      try {
        for (; sent < CALLS; sent++) {
          peer.sends(peer.bytesOf(call));
        }
      } catch (IOException held) {
        assertTrue(sent > 0, held::toString);
      }
      CloseReason reason = over.toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertEquals(CloseReason.Kind.BROKEN, reason.kind(), reason::toString);
      assertTrue(sent < CALLS, "the peer is held up");
      long most = limits.outgoingBytes() + limits.undeliveredBytes() + MORE;
      assertTrue(budget.most.get() > limits.outgoingBytes() / 2, () -> budget.most + " of " + most);
      assertTrue(budget.most.get() <= most, () -> budget.most + " of " + most);
    }
  }
}
