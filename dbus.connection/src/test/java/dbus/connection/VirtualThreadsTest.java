package dbus.connection;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.wire.Body;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName(
    "CONN-53 virtual threads may call and answer; one that waits for a peer keeps no carrier")
class VirtualThreadsTest {
  private static final String PATH = "/com/example/A";
  private static final String NAME = "com.example.A1";
  private static final Duration LONG = Duration.ofSeconds(60);

  /// More than there are carriers on any machine that this is likely to run on.
  private static final int PEERS = 2 * Runtime.getRuntime().availableProcessors();

  private static void export(DBusConnection connection) {
    String large = "x".repeat(1 << 20);
    var _ =
        connection.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Large", out("text", STRING), () -> large)
                .method("Text", out("text", STRING), () -> "text")
                .build());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("peers that do not read leave the other virtual threads running")
  void answersToPeersThatDoNotRead(Kind kind) throws Exception {
    List<Kind.Pair> pairs = new ArrayList<>();
    List<CompletableFuture<MethodReturn>> unread = new ArrayList<>();
    try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < PEERS; i++) {
        Kind.Pair pair = kind.connected(ClientSide::paused, side -> side.executor(virtual));
        pairs.add(pair);
        export(pair.server());
        for (int k = 0; k < 3; k++) {
          unread.add(pair.client().callAsync(ScriptedPeer.call(PATH, NAME, "Large"), LONG));
        }
      }
      Kind.Pair reading = kind.connected(side -> side, side -> side.executor(virtual));
      pairs.add(reading);
      export(reading.server());
      for (int i = 0; i < 100; i++) {
        assertEquals(
            "text",
            virtual
                .submit(() -> reading.client().call(PATH, NAME, "Text", Body.EMPTY, STRING))
                .get(60, TimeUnit.SECONDS));
      }
      for (Kind.Pair pair : pairs.subList(0, PEERS)) {
        pair.client().start();
      }
      for (CompletableFuture<MethodReturn> one : unread) {
        assertEquals(1 << 20, one.get(60, TimeUnit.SECONDS).body().read(STRING).length());
      }
      pairs.forEach(Kind.Pair::close);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("many of them wait for room, and the rest of the process goes on")
  void waitForRoom(Kind kind) throws Exception {
    ConnectionLimits small = ConnectionLimits.DEFAULT.withOutgoingBytes(4096);
    Body large = Body.of(STRING, "x".repeat(1 << 20));
    try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
        Kind.Pair pair = kind.connected(side -> side.limits(small), ServerSide::paused)) {
      List<Future<?>> sending = new ArrayList<>();
      for (int i = 0; i < PEERS; i++) {
        sending.add(
            virtual.submit(() -> {
              pair.client().emit(PATH, NAME, "Large", large);
              return true;
            }));
      }
      assertEquals("runs", virtual.submit(() -> "runs").get(60, TimeUnit.SECONDS));
      pair.server().start();
      for (var one : sending) {
        var _ = one.get(60, TimeUnit.SECONDS);
      }
    }
  }
}
