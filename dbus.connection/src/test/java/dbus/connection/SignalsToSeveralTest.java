package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-54 where several want a signal, each has a turn of its own")
class SignalsToSeveralTest {

  private final ScriptedPeer peer = new ScriptedPeer();
  private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
  private DBusConnection connection;

  /// The first of the two asks the peer while it handles the signal "1".
  @BeforeEach
  void subscribe() throws Exception {
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    var _ = peer.served().onAuthenticated(opened::complete).start();
    peer.authenticates();
    connection = opened.get(30, TimeUnit.SECONDS);
    var _ = connection.subscribe(SignalMatch.all(), signal -> first(text(signal)));
    var _ = connection.subscribe(SignalMatch.all(), signal -> begun.add("second " + text(signal)));
  }

  private static String text(Signal signal) {
    return signal.body().reader().readString();
  }

  private void first(String text) {
    begun.add("first " + text);
    if (text.equals("1")) {
      try {
        var _ =
            connection.call(
                ScriptedPeer.call("/peer", "com.example.Peer1", "Ask"), Duration.ofMinutes(1));
      } catch (DBusErrorException | IOException | InterruptedException e) {
        begun.add("failed");
      }
    }
  }

  private String next() throws Exception {
    return begun.poll(30, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("so none sees a later signal first, though another waits for the peer")
  void inOrder() throws Exception {
    peer.sends(peer.bytesOf(ScriptedPeer.signal("1")), peer.bytesOf(ScriptedPeer.signal("2")));
    MethodCall asked = assertInstanceOf(MethodCall.class, peer.receives());
    assertEquals("first 1", next());
    assertEquals("second 1", next());
    assertEquals("first 2", next());
    assertEquals("second 2", next());
    peer.sends(MethodReturn.to(asked));
  }

  @Test
  @DisplayName("CONN-55 and each still begins when the stream has ended meanwhile")
  void afterTheEndOfTheStream() throws Exception {
    peer.sends(ScriptedPeer.signal("1"));
    var _ = assertInstanceOf(MethodCall.class, peer.receives());
    peer.endsItsStream();
    assertEquals("first 1", next());
    assertEquals("second 1", next());
    var _ = connection.closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
