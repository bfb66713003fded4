package dbus.server;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.auth.AuthPolicy;
import dbus.auth.ClientMechanism;
import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.wire.Body;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.Value;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who sets a property and gets it without waiting in between, half of the times without a reply to
/// the set, sees what it has set; quick calls are answered in order. Of a server that has just
/// started, and of the same one later.
///
/// The system property `dbus.pairs` says how often; by hand 20,000.
class SetThenGetTest {

  private static final int PAIRS = Integer.getInteger("dbus.pairs", 2000);

  /// How many pairs are under way at once.
  private static final int WINDOW = 50;

  private static final String PATH = "/com/example/Counter";
  private static final String INTERFACE = "com.example.Counter1";
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  private final BlockingQueue<DBusConnection> accepted = new LinkedBlockingQueue<>();

  private DBusServer serve(String address) throws Exception {
    return DBusServer.at(address.replace("DIR", directory.toString()))
        .policy(AuthPolicy.sameUser().allowAnonymous())
        .export(PATH, counter())
        .onConnection(accepted::add)
        .start();
  }

  private static Interface counter() {
    AtomicInteger value = new AtomicInteger();
    return Interface.named(INTERFACE)
        .method("First", out("it", STRING), () -> "First")
        .method("Second", out("it", STRING), () -> "Second")
        .method("Third", out("it", STRING), () -> "Third")
        .property("Counter", INT32, value::get, value::set)
        .build();
  }

  private static MethodCall set(int value) {
    MethodCall call =
        RawClient.call(PATH, "org.freedesktop.DBus.Properties", "Set")
            .withBody(
                Body.of(
                    new Value.Str(INTERFACE),
                    new Value.Str("Counter"),
                    new Value.Variant(new Value.Int32(value))));
    return value % 2 == 0 ? call : call.withFlags(MessageFlag.NO_REPLY_EXPECTED);
  }

  private static MethodCall get() {
    return RawClient.call(PATH, "org.freedesktop.DBus.Properties", "Get")
        .withBody(Body.of(new Value.Str(INTERFACE), new Value.Str("Counter")));
  }

  private static int got(MethodReturn reply) {
    Value value = reply.body().values().getFirst();
    return ((Value.Int32) ((Value.Variant) value).value()).value();
  }

  @ParameterizedTest
  @CsvSource({
    "unix:dir=DIR, 0",
    "unix:dir=DIR, 3",
    "tcp:host=localhost, 0",
    "tcp:host=localhost, 3"
  })
  @DisplayName("CONN-54 what is set is what is got next, in both directions at once")
  void ownClient(String address, int busyLoops) throws Exception {
    try (BusyLoops _ = new BusyLoops(busyLoops);
        ExecutorService sides = Executors.newFixedThreadPool(2);
        DBusServer server = serve(address);
        DBusConnection client =
            DBusConnection.to(server.clientAddress().toString())
                .mechanisms(ClientMechanism.anonymous())
                .export(PATH, counter())
                .connect()) {
      DBusConnection back = Witness.next(accepted);
      for (String when : List.of("just started", "warm")) {
        List<Callable<Integer>> both = List.of(() -> stale(client), () -> stale(back));
        for (Future<Integer> one : sides.invokeAll(both)) {
          assertEquals(0, one.get(), when);
        }
      }
    }
  }

  /// How many of the pairs do not see what they have set.
  private static int stale(DBusConnection peer) throws Exception {
    Queue<CompletableFuture<MethodReturn>> underWay = new ArrayDeque<>();
    int stale = 0;
    for (int i = 0; i < PAIRS + WINDOW; i++) {
      if (i < PAIRS) {
        MethodCall set = set(i);
        if (set.noReplyExpected()) {
          var _ = peer.send(set);
        } else {
          var _ = peer.callAsync(set, LONG);
        }
        underWay.add(peer.callAsync(get(), LONG));
      }
      if (i >= WINDOW) {
        int value = got(underWay.remove().get(LONG.toSeconds(), TimeUnit.SECONDS));
        stale += value == i - WINDOW ? 0 : 1;
      }
    }
    return stale;
  }

  @ParameterizedTest
  @CsvSource({
    "unix:dir=DIR, 0",
    "unix:dir=DIR, 3",
    "tcp:host=localhost, 0",
    "tcp:host=localhost, 3"
  })
  @DisplayName("CONN-54 what is set is what is got next, by one who writes many pairs at once")
  void rawClient(String address, int busyLoops) throws Exception {
    try (BusyLoops _ = new BusyLoops(busyLoops);
        DBusServer server = serve(address);
        RawClient client = RawClient.anonymous(server)) {
      int stale = 0;
      for (int from = 0; from < 2 * PAIRS; from += WINDOW) {
        List<ByteBuffer> calls = new ArrayList<>();
        List<Integer> wanted = new ArrayList<>();
        for (int i = from; i < from + WINDOW; i++) {
          calls.add(client.encoded(set(i)));
          calls.add(client.encoded(get()));
          wanted.add(i);
        }
        client.send(joined(calls));
        for (int value : wanted) {
          stale += got(nextGot(client)) == value ? 0 : 1;
        }
      }
      assertEquals(0, stale);
    }
  }

  /// The reply to a get; those to sets are empty.
  private static MethodReturn nextGot(RawClient client) throws Exception {
    while (true) {
      // Between them are the signals that tell of the change.
      if (client.receive() instanceof MethodReturn reply && !reply.body().isEmpty()) {
        return reply;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "unix:dir=DIR, 0",
    "unix:dir=DIR, 3",
    "tcp:host=localhost, 0",
    "tcp:host=localhost, 3"
  })
  @DisplayName("CONN-54 quick calls that come together are answered in order")
  void quickCalls(String address, int busyLoops) throws Exception {
    List<String> names = List.of("First", "Second", "Third");
    try (BusyLoops _ = new BusyLoops(busyLoops);
        DBusServer server = serve(address);
        RawClient client = RawClient.anonymous(server)) {
      for (int i = 0; i < PAIRS; i++) {
        client.send(
            joined(
                names.stream()
                    .map(name -> client.encoded(RawClient.call(PATH, INTERFACE, name)))
                    .toList()));
        List<String> answers = new ArrayList<>();
        for (int a = 0; a < names.size(); a++) {
          answers.add(assertInstanceOf(MethodReturn.class, client.receive()).body().read(STRING));
        }
        assertEquals(names, answers, "round " + i);
      }
    }
  }

  private static ByteBuffer joined(List<ByteBuffer> all) {
    ByteBuffer joined = ByteBuffer.allocate(all.stream().mapToInt(ByteBuffer::remaining).sum());
    all.forEach(joined::put);
    return joined.flip();
  }
}
