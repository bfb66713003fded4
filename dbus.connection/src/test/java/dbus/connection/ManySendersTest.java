package dbus.connection;

import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("CONN-50 who sends writes what others have sent for a moment, and not for ever")
class ManySendersTest {

  private static final int SENDERS = 3;
  private static final int ENOUGH = 500;
  private static final Body TEXT = Body.of(STRING, "x".repeat(1000));

  /// The senders that have not yet sent enough. All go on until there is none, so that one who
  /// writes for the others would never be done.
  private final CountDownLatch lacking = new CountDownLatch(SENDERS);

  private void send(DBusConnection connection) {
    try {
      for (int sent = 1; lacking.getCount() > 0 && !connection.isClosed(); sent++) {
        connection.emit("/a", "com.example.A1", "S", TEXT);
        if (sent == ENOUGH) {
          lacking.countDown();
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachSenderGetsOn(Kind kind) throws Exception {
    try (Kind.Pair pair =
        kind.connected(
            side -> side.limits(ConnectionLimits.DEFAULT.withOutgoingBytes(1 << 16)),
            side -> side)) {
      List<Thread> senders =
          Stream.generate(() -> Thread.ofPlatform().daemon().start(() -> send(pair.client())))
              .limit(SENDERS)
              .toList();
      boolean all = lacking.await(30, TimeUnit.SECONDS);
      pair.client().close();
      for (Thread sender : senders) {
        sender.join();
      }
      assertTrue(all, () -> lacking.getCount() + " senders never came back");
    }
  }
}
