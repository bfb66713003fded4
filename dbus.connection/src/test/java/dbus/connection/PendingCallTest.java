package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.MethodCall;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Nothing of a call stays behind that is over.
class PendingCallTest {

  private static final MethodCall CALL = ScriptedPeer.call("/", "com.example.Peer1", "Question");

  @Test
  @DisplayName(
      "CONN-10, CONN-04 a call whose time is over before it is sent leaves its serial free")
  void overBeforeItIsSent() throws Exception {
    ScriptedPeer peer = new ScriptedPeer();
    CompletableFuture<DBusConnection> serving = peer.served().accept();
    peer.authenticates();
    DBusConnection connection = serving.get(30, TimeUnit.SECONDS);
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Registration filter =
        connection.addFilter((message, direction) -> {
          sending.countDown();
          try {
            over.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return Optional.of(message);
        });
    CompletableFuture<CompletableFuture<?>> call = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .daemon()
            .start(() -> call.complete(connection.callAsync(CALL, Duration.ofMillis(1))));
    assertTrue(sending.await(30, TimeUnit.SECONDS));
    // Its timer has long gone off when this one has.
    PendingCall later =
        new PendingCall(new PendingCalls(null, null, ErrorMapping.NONE), CALL, () -> {});
    later.expireAfter(Duration.ofMillis(200));
    var _ = later.handle((reply, failure) -> "over").get(30, TimeUnit.SECONDS);
    over.countDown();
    caller.join();
    filter.close();
    assertTrue(call.get(30, TimeUnit.SECONDS).isCompletedExceptionally());
    int serial = assertInstanceOf(MethodCall.class, peer.receives()).serial();
    assertEquals(1, serial);
    assertEquals(serial, connection.send(CALL.withSerial(serial), SendOption.PRESERVE_SERIAL));
  }
}
