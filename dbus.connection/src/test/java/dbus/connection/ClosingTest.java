package dbus.connection;

import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A connection is closed from wherever the application's code runs, that which the connection
/// itself runs included.
class ClosingTest {

  private static final String PATH = "/com/example/A";
  private static final String NAME = "com.example.A1";
  private static final Duration FOREVER = Duration.ofDays(1000);

  /// The application's code that closes the connection which runs it.
  enum Place {
    METHOD {
      @Override
      void use(DBusConnection client, DBusConnection server) throws IOException {
        var _ = client.callAsync(call("Close"), FOREVER);
      }
    },
    CONCURRENT_METHOD {
      @Override
      void use(DBusConnection client, DBusConnection server) throws IOException {
        var _ = client.callAsync(call("CloseConcurrently"), FOREVER);
      }
    },
    GETTER {
      @Override
      void use(DBusConnection client, DBusConnection server) throws IOException {
        var _ =
            client.callAsync(
                MethodCall.of(
                        new ObjectPath(PATH),
                        new InterfaceName("org.freedesktop.DBus.Properties"),
                        new MemberName("GetAll"))
                    .withBody(Body.of(STRING, NAME)),
                FOREVER);
      }
    },
    SIGNAL {
      @Override
      void use(DBusConnection client, DBusConnection server) throws IOException {
        client.emit(PATH, NAME, "Said", Body.of(STRING, "now"));
      }
    },
    REPLY {
      @Override
      void use(DBusConnection client, DBusConnection server) throws IOException {
        var _ =
            server
                .callAsync(
                    MethodCall.of(
                        new ObjectPath("/"),
                        new InterfaceName("org.freedesktop.DBus.Peer"),
                        new MemberName("Ping")),
                    FOREVER)
                .thenAccept(reply -> closes(server));
      }
    },
    END {
      @Override
      void use(DBusConnection client, DBusConnection server) {
        var _ = server.closed().thenAccept(reason -> closes(server));
        server.close();
      }
    },
    FILTER {
      @Override
      void use(DBusConnection client, DBusConnection server) throws IOException {
        var _ =
            server.addFilter((message, direction) -> {
              closes(server);
              return Optional.of(message);
            });
        client.emit(PATH, NAME, "Other", Body.EMPTY);
      }
    };

    /// Has the code run.
    abstract void use(DBusConnection client, DBusConnection server) throws IOException;
  }

  private static final BlockingQueue<DBusConnection> CLOSED = new LinkedBlockingQueue<>();

  private static MethodCall call(String member) {
    return MethodCall.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName(member));
  }

  private static void closes(DBusConnection connection) {
    connection.close();
    // Again, which does nothing.
    connection.close();
    connection.close(Duration.ZERO);
    CLOSED.add(connection);
  }

  private static void export(DBusConnection server) {
    var _ =
        server.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Close", List.of(), List.of(), call -> closes(server))
                .method("CloseConcurrently", List.of(), List.of(), call -> closes(server))
                .concurrent("CloseConcurrently")
                .property(
                    "Closing",
                    STRING,
                    () -> {
                      closes(server);
                      return "closed";
                    })
                .build());
    var _ = server.subscribe(SignalMatch.all().member("Said"), signal -> closes(server));
  }

  /// A thread may be kept for a while to serve another connection.
  @AfterAll
  static void theirThreadsEnd() throws InterruptedException {
    TenThousandEndingsTest.endThreads();
  }

  static Stream<Arguments> placesAndKinds() {
    return Arrays.stream(Place.values())
        .flatMap(place ->
            Arrays.stream(Kind.values())
                .flatMap(kind ->
                    Stream.of(Arguments.of(place, kind, false), Arguments.of(place, kind, true))));
  }

  @ParameterizedTest
  @MethodSource("placesAndKinds")
  @DisplayName(
      "CONN-38, CONN-31 code that a connection runs closes it, and returns, and it is over")
  void fromWithin(Place place, Kind kind, boolean onExecutor) throws Exception {
    CLOSED.clear();
    try (ExecutorService executor = Executors.newSingleThreadExecutor();
        Kind.Pair pair =
            kind.connected(
                client -> client, server -> onExecutor ? server.executor(executor) : server)) {
      DBusConnection server = pair.server();
      export(server);
      CompletableFuture<CloseReason> over = over(server);
      CompletableFuture<CloseReason> ofPeer = over(pair.client());
      place.use(pair.client(), server);
      assertEquals(server, CLOSED.poll(30, TimeUnit.SECONDS));
      assertEquals(CloseReason.Kind.LOCAL, over.get(30, TimeUnit.SECONDS).kind());
      assertTrue(server.isClosed());
      assertTrue(ofPeer.get(30, TimeUnit.SECONDS).remoteVanished());
    }
  }

  /// Fails if it is told twice.
  private static CompletableFuture<CloseReason> over(DBusConnection connection) {
    CompletableFuture<CloseReason> over = new CompletableFuture<>();
    var _ =
        connection
            .closed()
            .thenAccept(reason -> {
              if (!over.complete(reason)) {
                over.obtrudeException(new AssertionError("told twice"));
              }
            });
    return over;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("CONN-38 many threads close at once, some of which run a handler")
  void fromManyThreads(Kind kind) throws Exception {
    CLOSED.clear();
    int outside = 6;
    CyclicBarrier together = new CyclicBarrier(outside + 1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Kind.Pair pair = kind.connected(client -> client, server -> server)) {
      DBusConnection server = pair.server();
      CompletableFuture<CloseReason> over = over(server);
      var _ =
          server.subscribe(
              SignalMatch.all(),
              signal -> {
                await(together);
                closes(server);
              });
      pair.client().emit(PATH, NAME, "Any", Body.EMPTY);
      for (int i = 0; i < outside; i++) {
        var _ =
            threads.submit(() -> {
              await(together);
              closes(server);
            });
      }
      List<DBusConnection> closed = new ArrayList<>();
      for (int i = 0; i <= outside; i++) {
        closed.add(CLOSED.poll(30, TimeUnit.SECONDS));
      }
      assertTrue(closed.stream().allMatch(server::equals), closed::toString);
      assertEquals(CloseReason.Kind.LOCAL, over.get(30, TimeUnit.SECONDS).kind());
    }
  }

  private static void await(CyclicBarrier together) {
    try {
      together.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
