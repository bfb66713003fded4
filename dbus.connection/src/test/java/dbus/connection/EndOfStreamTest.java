package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CloseReason.Kind;
import dbus.wire.Body;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-55 what waits when the connection ends")
class EndOfStreamTest {
  private static final String PATH = "/com/example/A";
  private static final String NAME = "com.example.A1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final Semaphore gate = new Semaphore(0);
  private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
  private final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
  private CompletionStage<CloseReason> over;

  @BeforeEach
  void serve() throws Exception {
    ObjectTree objects = new ObjectTree();
    Interface subject =
        Interface.named(NAME)
            .method("Note", in("text", STRING), out("same", STRING), this::begins)
            .method("Wait", in("text", STRING), out("same", STRING), this::waits)
            .build();
    var _ = objects.export(new ObjectPath(PATH), subject);
    var _ =
        objects.export(
            new ObjectPath("/slow"),
            elements -> {
              gate.acquireUninterruptibly();
              return List.of(subject);
            });
    over = peer.served().objects(objects).onAuthenticated(opened::complete).start();
    peer.authenticates();
    var _ =
        opened
            .get()
            .subscribe(
                SignalMatch.all(),
                signal -> begun.add("signal " + signal.body().reader().readString()));
  }

  private String begins(String text) {
    begun.add(text);
    return text;
  }

  private String waits(String text) throws InterruptedException {
    begun.add(text);
    gate.acquire();
    return text;
  }

  private byte[] call(String member, String text) {
    return call(PATH, member, text);
  }

  private byte[] call(String path, String member, String text) {
    return peer.bytesOf(ScriptedPeer.call(path, NAME, member).withBody(Body.of(STRING, text)));
  }

  private byte[] signal(String text) {
    return peer.bytesOf(ScriptedPeer.signal(text));
  }

  private String text() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives()).body().read(STRING);
  }

  private String begun() throws InterruptedException {
    String one = begun.poll(30, TimeUnit.SECONDS);
    return one == null ? "nothing" : one;
  }

  private CloseReason end() throws Exception {
    return over.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName(
      "after the end of the stream what was received still begins, in order, then it is told")
  void afterTheEndOfTheStream() throws Exception {
    peer.sends(call("Wait", "1"), call("Note", "2"), signal("3"), call("Note", "4"));
    assertEquals("1", begun());
    peer.endsItsStream();
    assertFalse(over.toCompletableFuture().isDone());
    gate.release();
    assertEquals(List.of("2", "signal 3", "4"), List.of(begun(), begun(), begun()));
    assertEquals(List.of("1", "2", "4"), List.of(text(), text(), text()));
    assertEquals(Kind.REMOTE, end().kind());
  }

  @Test
  @DisplayName("after a local close it is dropped, and nobody waits for the handler that runs")
  void afterALocalClose() throws Exception {
    peer.sends(call("Wait", "1"), call("Note", "2"), signal("3"));
    assertEquals("1", begun());
    opened.get().close();
    assertEquals(Kind.LOCAL, end().kind());
    gate.release();
    assertEquals(null, begun.poll(100, TimeUnit.MILLISECONDS));
  }

  @Test
  @DisplayName("CONN-36 after a failed write what was received still begins, in order")
  void afterAFailedWrite() throws Exception {
    peer.sends(call("Wait", "1"), call("Note", "2"), signal("3"));
    assertEquals("1", begun());
    peer.breaks();
    gate.release();
    assertEquals(List.of("2", "signal 3"), List.of(begun(), begun()));
    peer.endsItsStream();
    assertEquals(Kind.BROKEN, end().kind());
  }

  @Test
  @DisplayName(
      "CONN-35 a call whose subtree is slow to look up is answered though the peer half-closes")
  void slowSubtree() throws Exception {
    peer.sends(call("/slow", "Note", "found"));
    peer.endsItsStream();
    assertFalse(over.toCompletableFuture().isDone());
    gate.release(10);
    assertEquals("found", text());
    assertEquals(Kind.REMOTE, end().kind());
  }

  @Test
  @DisplayName("CONN-35 who finishes calls is told of the last answer of a slow subtree")
  void finishing() throws Exception {
    peer.sends(call("/slow", "Note", "found"));
    CompletableFuture<Void> finished = opened.get().finishCalls().toCompletableFuture();
    assertFalse(finished.isDone());
    gate.release(10);
    assertEquals("found", text());
    finished.get(30, TimeUnit.SECONDS);
    assertTrue(begun.contains("found"));
  }
}
