package dbus.connection;

import static dbus.connection.ScriptedPeer.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CloseReason.Kind;
import dbus.wire.Body;
import dbus.wire.MethodReturn;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-27 an answer that cannot be given hurts nobody but the peer that has gone")
class AnswersToNobodyTest {

  private final ScriptedPeer gone = new ScriptedPeer();
  private final ScriptedPeer other = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();

  private CompletionStage<CloseReason> serve(ScriptedPeer peer) {
    return peer.served().objects(objects).start();
  }

  private void theOtherIsServed() throws Exception {
    other.sends(call("/", "org.freedesktop.DBus.Peer", "Ping"));
    assertEquals(Body.EMPTY, assertInstanceOf(MethodReturn.class, other.receives()).body());
  }

  private static void ends(CompletionStage<CloseReason> over) throws Exception {
    CloseReason reason = over.toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertTrue(Set.of(Kind.BROKEN, Kind.REMOTE).contains(reason.kind()), reason::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"org.freedesktop.DBus.Peer.Ping", "com.example.None1.None", "a.b.Unknown"})
  void beItAReplyOrAnError(String member) throws Exception {
    var _ = serve(other);
    other.authenticates();
    CompletionStage<CloseReason> over = serve(gone);
    gone.authenticates();
    int dot = member.lastIndexOf('.');
    byte[] message = gone.bytesOf(call("/", member.substring(0, dot), member.substring(dot + 1)));
    // From now on writing to it fails.
    gone.breaks();
    gone.sends(message);
    theOtherIsServed();
    gone.endsItsStream();
    ends(over);
  }

  @Test
  void norWhereThePeerIsNotAuthenticated() throws Exception {
    var _ = serve(other);
    other.authenticates();
    CompletionStage<CloseReason> over = serve(gone);
    gone.breaks();
    gone.sends("\0AUTH\r\nNONSENSE\r\nBEGIN\r\n");
    ends(over);
    theOtherIsServed();
  }
}
