package dbus.connection;

import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.ChannelTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag(UnixFdScene.NATIVE_ACCESS)
@DisplayName("A connection on which nothing comes for a while, and which has no thread then")
class IdleConnectionTest extends UnixFdScene {

  private CompletionStage<CloseReason> over;

  @BeforeEach
  void begin() throws Exception {
    over = serve();
    peer.authenticates();
    isAnswered(peer);
    awaitIdle();
  }

  private static void isAnswered(RawPeer peer) throws Exception {
    peer.sends(peer.bytesOf(call("Text")));
    assertEquals("text", peer.receives().body().read(STRING));
  }

  /// Until no thread reads from a socket. Nothing tells when that is so; hence the asking.
  private static void awaitIdle() {
    long begun = System.nanoTime();
    while (Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(IdleConnectionTest::isReading)) {
      assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(20), "it keeps its thread");
      Thread.onSpinWait();
    }
  }

  private static boolean isReading(StackTraceElement frame) {
    return frame.getClassName().equals(ChannelTransport.class.getName())
        && frame.getMethodName().equals("read");
  }

  @Test
  void whatComesThenIsAnswered() throws Exception {
    isAnswered(peer);
    isAnswered(peer);
    awaitIdle();
    isAnswered(peer);
  }

  @Test
  void oneOfManyDoesNotWaitForTheOthers() throws Exception {
    List<RawPeer> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        RawPeer another = new RawPeer();
        peers.add(another);
        var _ = serve(another.transport(), side -> side);
        another.authenticates();
      }
      awaitIdle();
      for (RawPeer each : peers) {
        isAnswered(each);
      }
      isAnswered(peer);
    } finally {
      for (RawPeer each : peers) {
        each.close();
      }
    }
  }

  @Test
  void theEndOfThePeerIsSeen() throws Exception {
    peer.close();
    assertEquals(Kind.REMOTE, end(over).kind());
  }

  @Test
  void itCanBeClosed() throws Exception {
    opened.get(20, TimeUnit.SECONDS).close(Duration.ofSeconds(20));
    assertEquals(Kind.LOCAL, end(over).kind());
    peer.seesTheEnd();
  }
}
