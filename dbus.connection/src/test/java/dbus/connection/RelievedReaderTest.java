package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
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
  private final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
  private final BlockingQueue<String> account = new LinkedBlockingQueue<>();

  private Budget budget(boolean allows) {
    return new OpenBudget() {
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
  }

  private void serve(boolean allows) throws Exception {
    ObjectTree objects = new ObjectTree();
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Quick", in("number", INT32), out("same", INT32), number -> number)
                .method("Ask", this::ask)
                .method(
                    "Wait",
                    () -> {
                      begun.countDown();
                      gate.await();
                    })
                .build());
    peer.served()
        .objects(objects)
        .budget(connection -> budget(allows))
        .onAuthenticated(opened::complete)
        .start();
    peer.authenticates();
  }

  private void ask() throws Exception {
    MethodCall question = ScriptedPeer.call("/peer", "com.example.Peer1", "Question");
    var _ = opened.get().call(question, Duration.ofHours(1));
  }

  private int repliesTo() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives()).replySerial();
  }

  private String next() throws InterruptedException {
    String next = account.poll(30, TimeUnit.SECONDS);
    assertNotNull(next, "the budget was not asked");
    return next;
  }

  private long charges() {
    List<String> all = List.copyOf(account);
    return all.stream().filter("charged"::equals).count()
        - all.stream().filter("refunded"::equals).count();
  }

  @Test
  void theChargeIsGivenBack() throws Exception {
    serve(true);
    peer.sends(ScriptedPeer.call(PATH, NAME, "Wait"));
    begun.await();
    peer.sends(ScriptedPeer.call(PATH, "org.freedesktop.DBus.Peer", "Ping"));
    assertEquals(2, repliesTo());
    assertTrue(charges() > 0, account::toString);
    gate.countDown();
    assertEquals(1, repliesTo());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (charges() != 0) {
      assertTrue(System.nanoTime() < end, account::toString);
      Thread.onSpinWait();
    }
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

  @Test
  @DisplayName(
      "CONN-12 a handler that nobody can relieve is told so when it calls, and never waits")
  void callsWhereItIsNotAllowed() throws Exception {
    serve(false);
    peer.sends(ScriptedPeer.call(PATH, NAME, "Ask"));
    ErrorMessage error = assertInstanceOf(ErrorMessage.class, peer.receives());
    assertEquals(ErrorName.LIMITS_EXCEEDED, error.errorName());
    peer.sends(ScriptedPeer.call(PATH, NAME, "Quick").withBody(Body.of(INT32, 1)));
    assertEquals(2, repliesTo());
  }

  private static MessageFilter counting(Semaphore incoming) {
    return (message, direction) -> {
      if (direction == Direction.INCOMING) {
        incoming.release();
      }
      return Optional.of(message);
    };
  }

  @Test
  @DisplayName("one that writes is relieved without a charge: no code of the user's runs there")
  void writing() throws Exception {
    TransportPair pair = TransportPair.inMemory();
    Semaphore called = new Semaphore(0);
    ObjectTree objects = new ObjectTree();
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME).annotation("com.example.Text", "x".repeat(30_000)).build());
    var _ =
        DBusConnection.serverSide(pair.server(), Guid.random())
            .objects(objects)
            .budget(connection -> budget(false))
            .onAuthenticated(connection -> {
              var _ = connection.addFilter(counting(called));
              return true;
            })
            .start();
    MethodCall introspect =
        ScriptedPeer.call(PATH, "org.freedesktop.DBus.Introspectable", "Introspect");
    // It reads nothing. Some answers fit into the pair.
    try (DBusConnection client = DBusConnection.clientSide(pair.client()).paused().connect()) {
      for (int i = 0; i < 10; i++) {
        var _ = client.callAsync(introspect, Duration.ofHours(1));
        assertTrue(called.tryAcquire(30, TimeUnit.SECONDS), "nothing is read while it writes");
      }
    }
  }
}
