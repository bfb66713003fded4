package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("CONN-34 to flush is to wait for what was sent before, however much is sent after it")
class FlushTest {

  private final AtomicBoolean over = new AtomicBoolean();

  private void sendAllTheTime(DBusConnection connection) {
    try {
      while (!over.get()) {
        connection.emit("/a", "com.example.A1", "S", Body.EMPTY);
      }
    } catch (IOException closed) {
      over.set(true);
    }
  }

  private List<Thread> senders(DBusConnection connection) {
    return Stream.generate(
            () -> Thread.ofPlatform().daemon().start(() -> sendAllTheTime(connection)))
        .limit(2)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void flushingEndsThoughOthersKeepSending(Kind kind) throws Exception {
    try (Kind.Pair pair = kind.connected(side -> side, side -> side)) {
      List<Thread> senders = senders(pair.client());
      for (int i = 0; i < 100; i++) {
        assertTrue(pair.client().flush(Duration.ofSeconds(30)));
      }
      over.set(true);
      for (Thread one : senders) {
        one.join();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("closing refuses what is sent from then on, and writes what was sent before")
  void closingEndsThoughOthersKeepSending(Kind kind) throws Exception {
    Kind.Pair pair = kind.connected(side -> side, side -> side);
    CompletableFuture<Boolean> last = new CompletableFuture<>();
    var _ =
        pair.server().subscribe(SignalMatch.all().member("Last"), signal -> last.complete(true));
    List<Thread> senders = senders(pair.client());
    pair.client().emit("/a", "com.example.A1", "Last", Body.EMPTY);
    // For an hour, if that were how long it takes to be silent.
    pair.client().close(Duration.ofHours(1));
    for (Thread one : senders) {
      one.join();
    }
    assertTrue(last.get(30, TimeUnit.SECONDS));
    assertEquals(
        CloseReason.Kind.LOCAL,
        pair.client().closed().toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
  }
}
