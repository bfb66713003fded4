package dbus.connection;

import static dbus.connection.Argument.out;
import static dbus.connection.ScriptedPeer.call;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "CONN-24, CONN-47 the code of a subtree and of properties may take long, as a handler may")
class SlowSubtreeTest {

  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
  private static final String NAME = "com.example.Node1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final Semaphore gate = new Semaphore(0);
  private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();

  private final Interface quick =
      Interface.named(NAME)
          .method("Text", out("text", STRING), () -> "text")
          .property(
              "Thread",
              STRING,
              () -> {
                threads.add(Thread.currentThread().getName());
                return "quick";
              })
          .build();

  private final Interface slow =
      Interface.named("com.example.Slow1")
          .property(
              "Waited",
              STRING,
              () -> {
                gate.acquire();
                return "slow";
              })
          .build();

  private final Subtree waiting =
      new Subtree() {
        @Override
        public List<Interface> interfacesAt(List<String> elements) {
          if (elements.contains("wait")) {
            gate.acquireUninterruptibly();
          }
          if (elements.contains("broken")) {
            throw new StackOverflowError("on purpose");
          }
          return List.of(quick);
        }

        @Override
        public Collection<String> childrenOf(List<String> elements) {
          if (elements.contains("children")) {
            gate.acquireUninterruptibly();
          }
          return List.of("child");
        }
      };

  @BeforeEach
  void serve() throws Exception {
    var _ = objects.export(new ObjectPath("/nodes"), waiting);
    var _ = objects.export(new ObjectPath("/quick"), quick);
    var _ = objects.export(new ObjectPath("/slow"), slow);
    peer.served().objects(objects).start();
    peer.authenticates();
  }

  private Message answer() throws Exception {
    return peer.receives();
  }

  private MethodReturn reply() throws Exception {
    return assertInstanceOf(MethodReturn.class, answer());
  }

  private static Body get(String interfaceName, String name) {
    return Body.of(new Value.Str(interfaceName), new Value.Str(name));
  }

  @Test
  @DisplayName("CONN-24, CONN-54 while a subtree waits the peer is read from, and order stays")
  void whileASubtreeWaits() throws Exception {
    List<MethodCall> waiting =
        List.of(
            call("/nodes/wait", NAME, "Text"),
            call("/nodes/wait", PROPERTIES, "Get").withBody(get(NAME, "Thread")),
            call("/nodes/children", "org.freedesktop.DBus.Introspectable", "Introspect"));
    for (MethodCall one : waiting) {
      // Twice: the second time it is known to take long.
      for (int i = 0; i < 2; i++) {
        peer.sends(one);
        peer.sends(call("/quick", NAME, "Text"));
        peer.sends(call("/quick", "org.freedesktop.DBus.Peer", "Ping"));
        assertEquals(Body.EMPTY, reply().body());
        gate.release(10);
        var _ = reply();
        assertEquals("text", reply().body().read(STRING));
        gate.drainPermits();
      }
    }
  }

  @Test
  void whatTheCodeOfASubtreeThrowsIsTheCallersErrorWhateverItIs() throws Exception {
    peer.sends(call("/nodes/broken", NAME, "Text"));
    assertEquals(ErrorName.FAILED, assertInstanceOf(ErrorMessage.class, answer()).errorName());
    peer.sends(call("/nodes/whole", NAME, "Text"));
    assertEquals("text", reply().body().read(STRING));
  }

  @Test
  void anObjectExportedInsideASubtreeDoesNotWaitForIt() throws Exception {
    var _ = objects.export(new ObjectPath("/nodes/wait"), slow);
    peer.sends(call("/nodes/wait", "com.example.Slow1", "None"));
    assertEquals(
        ErrorName.UNKNOWN_METHOD, assertInstanceOf(ErrorMessage.class, answer()).errorName());
    peer.sends(call("/nodes/wait", "org.freedesktop.DBus.Peer", "Ping"));
    assertEquals(Body.EMPTY, reply().body());
  }

  /// On a busy machine even a quick one may lack a processor for so long that its thread is
  /// relieved; so this waits until it is as it should be.
  @Test
  void aGetterThatTakesLongSendsNoPropertyOfAnotherInterfaceToAnotherThread() throws Exception {
    int inARow = 0;
    for (int i = 0; inARow < 20; i++) {
      assertNotEquals(2000, i, "it always does");
      peer.sends(call("/slow", PROPERTIES, "Get").withBody(get("com.example.Slow1", "Waited")));
      gate.release();
      assertEquals("slow", value());
      peer.sends(call("/quick", PROPERTIES, "Get").withBody(get(NAME, "Thread")));
      assertEquals("quick", value());
      String thread = threads.poll(30, TimeUnit.SECONDS);
      inARow = thread != null && thread.startsWith(ScriptedPeer.READER) ? inARow + 1 : 0;
    }
  }

  private String value() throws Exception {
    return assertInstanceOf(
            Value.Str.class,
            assertInstanceOf(Value.Variant.class, reply().body().values().getFirst()).value())
        .value();
  }
}
