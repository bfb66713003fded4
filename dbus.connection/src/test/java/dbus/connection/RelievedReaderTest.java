package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dbus.wire.Body;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A thread that runs a handler instead of reading is charged for until it has returned")
class RelievedReaderTest {
  private static final String PATH = "/com/example/Work";
  private static final String NAME = "com.example.Work1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final BlockingQueue<String> account = new LinkedBlockingQueue<>();

  private void serve(boolean allows) throws Exception {
    Budget budget =
        new Budget() {
          @Override
          public boolean chargeBytes(long bytes) {
            return true;
          }

          @Override
          public void refundBytes(long bytes) {}

          @Override
          public boolean chargeUnixFds(int count) {
            return true;
          }

          @Override
          public void refundUnixFds(int count) {}

          @Override
          public boolean chargeHandler() {
            account.add(allows ? "charged" : "refused");
            return allows;
          }

          @Override
          public void refundHandler() {
            account.add("refunded");
          }
        };
    ObjectTree objects = new ObjectTree();
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Quick", in("number", INT32), out("same", INT32), number -> number)
                .method(
                    "Wait",
                    () -> {
                      begun.countDown();
                      gate.await();
                    })
                .build());
    peer.served().objects(objects).budget(connection -> budget).start();
    peer.authenticates();
  }

  private int repliesTo() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives()).replySerial();
  }

  private String next() throws InterruptedException {
    String next = account.poll(30, TimeUnit.SECONDS);
    assertNotNull(next, "the budget was not asked");
    return next;
  }

  @Test
  void theChargeIsGivenBack() throws Exception {
    serve(true);
    peer.sends(ScriptedPeer.call(PATH, NAME, "Wait"));
    begun.await();
    peer.sends(ScriptedPeer.call(PATH, NAME, "Quick").withBody(Body.of(INT32, 1)));
    assertEquals(2, repliesTo());
    assertEquals(List.of("charged"), List.copyOf(account));
    gate.countDown();
    assertEquals(1, repliesTo());
    assertEquals("charged", next());
    assertEquals("refunded", next());
  }

  @Test
  @DisplayName("where it is not allowed, nothing is read meanwhile, and nothing given back")
  void whereItIsNotAllowed() throws Exception {
    serve(false);
    byte[] wait = peer.bytesOf(ScriptedPeer.call(PATH, NAME, "Wait"));
    byte[] quick = peer.bytesOf(ScriptedPeer.call(PATH, NAME, "Quick").withBody(Body.of(INT32, 1)));
    Thread sending = Thread.ofPlatform().start(() -> peer.sends(wait, quick));
    assertEquals("refused", next());
    gate.countDown();
    assertEquals(1, repliesTo());
    assertEquals(2, repliesTo());
    sending.join();
    assertEquals(0, account.stream().filter("refunded"::equals).count());
  }
}
