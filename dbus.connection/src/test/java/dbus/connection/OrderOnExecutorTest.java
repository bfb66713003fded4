package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-54 on an executor of the application's, each call is a task, and order stays")
class OrderOnExecutorTest {
  private static final String PATH = "/com/example/Work";
  private static final String NAME = "com.example.Work1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final Semaphore gate = new Semaphore(0);
  private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
  private final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();

  private void serve(Executor executor) throws Exception {
    ObjectTree objects = new ObjectTree();
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Note", in("text", STRING), out("same", STRING), this::begins)
                .method("Wait", in("text", STRING), out("same", STRING), this::waits)
                .method("Ask", this::ask)
                .build());
    peer.served().objects(objects).executor(executor).onAuthenticated(opened::complete).start();
    peer.authenticates();
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

  private void ask() throws Exception {
    MethodCall question = ScriptedPeer.call("/peer", "com.example.Peer1", "Question");
    var _ = opened.get().call(question, Duration.ofSeconds(30));
  }

  private byte[] call(String member, String text) {
    return peer.bytesOf(ScriptedPeer.call(PATH, NAME, member).withBody(Body.of(STRING, text)));
  }

  private byte[] ping() {
    return peer.bytesOf(ScriptedPeer.call(PATH, "org.freedesktop.DBus.Peer", "Ping"));
  }

  private MethodReturn reply() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives());
  }

  private String text() throws Exception {
    return reply().body().read(STRING);
  }

  @Test
  void withManyThreadsOneBeginsAfterTheOther() throws Exception {
    try (ExecutorService many = Executors.newFixedThreadPool(4)) {
      serve(many);
      peer.sends(call("Wait", "1"), call("Note", "2"), call("Note", "3"));
      assertEquals("1", begun.poll(30, TimeUnit.SECONDS));
      peer.sends(ping());
      assertEquals(Body.EMPTY, reply().body());
      assertTrue(begun.isEmpty());
      gate.release();
      assertEquals(List.of("1", "2", "3"), List.of(text(), text(), text()));
    }
  }

  @Test
  void aTaskIsSubmittedWhenTheOneBeforeGivesItsTurnBack() throws Exception {
    Queue<Runnable> tasks = new ArrayDeque<>();
    serve(tasks::add);
    peer.sends(call("Note", "1"), call("Note", "2"));
    assertEquals(1, tasks.size());
    tasks.remove().run();
    assertEquals("1", text());
    assertEquals(1, tasks.size());
    tasks.remove().run();
    assertEquals("2", text());
    assertEquals(0, tasks.size());
  }

  @Test
  @DisplayName("CONN-55 the last signal before the end of the stream is handled, however late")
  void theLastSignal() throws Exception {
    Queue<Runnable> tasks = new ArrayDeque<>();
    serve(tasks::add);
    var _ =
        opened
            .get()
            .subscribe(SignalMatch.all(), signal -> begun.add(signal.body().reader().readString()));
    peer.sends(peer.bytesOf(ScriptedPeer.signal("last")));
    peer.endsItsStream();
    tasks.remove().run();
    assertEquals("last", begun.poll(30, TimeUnit.SECONDS));
    assertEquals(
        CloseReason.Kind.REMOTE,
        opened.get().closed().toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
  }

  @Test
  @DisplayName(
      "CONN-51 one that runs a task in the call that hands it over never does so for a writer")
  void notForAWriter() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean hangs = new AtomicBoolean();
    serve(task -> {
      if (hangs.get()) {
        awaitUninterruptibly(never);
      }
      task.run();
    });
    peer.sends(call("Wait", "1"), call("Note", "2"));
    assertEquals("1", begun.poll(30, TimeUnit.SECONDS));
    hangs.set(true);
    opened.get().close(Duration.ZERO);
    assertEquals(
        CloseReason.Kind.LOCAL,
        opened.get().closed().toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
    never.countDown();
    gate.release();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCallBackRunsOnAnotherThreadWhileAHandlerWaits() throws Exception {
    try (ExecutorService two = Executors.newFixedThreadPool(2)) {
      serve(two);
      peer.sends(peer.bytesOf(ScriptedPeer.call(PATH, NAME, "Ask")));
      MethodCall question = assertInstanceOf(MethodCall.class, peer.receives());
      peer.sends(call("Note", "call back"));
      assertEquals("call back", text());
      peer.sends(MethodReturn.to(question));
      assertEquals(Body.EMPTY, reply().body());
    }
  }

  @Test
  void aRejectionIsAnsweredInItsTurn() throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (ExecutorService one = Executors.newSingleThreadExecutor()) {
      serve(task -> {
        if (count.incrementAndGet() == 2) {
          throw new RejectedExecutionException("on purpose");
        }
        one.execute(task);
      });
      peer.sends(call("Wait", "1"), call("Note", "2"), call("Note", "3"));
      assertEquals("1", begun.poll(30, TimeUnit.SECONDS));
      gate.release();
      assertEquals("1", text());
      assertEquals(
          ErrorName.LIMITS_EXCEEDED,
          assertInstanceOf(ErrorMessage.class, peer.receives()).errorName());
      assertEquals("3", text());
    }
  }

  @Test
  @DisplayName("CONN-51 whatever an executor throws, the connection goes on")
  void whateverItThrows() throws Exception {
    List<Throwable> failures =
        List.of(
            new IllegalStateException(),
            new AssertionError("on purpose"),
            new RuntimeException() {
              @Override
              public String getMessage() {
                throw new IllegalStateException("on purpose");
              }
            });
    Queue<Throwable> left = new ArrayDeque<>(failures);
    serve(task -> {
      Throwable next = left.poll();
      if (next == null) {
        task.run();
      } else {
        OrderOnExecutorTest.<RuntimeException>sneak(next);
      }
    });
    for (int i = 0; i < failures.size(); i++) {
      peer.sends(call("Note", "refused"));
      assertEquals(
          ErrorName.LIMITS_EXCEEDED,
          assertInstanceOf(ErrorMessage.class, peer.receives()).errorName());
    }
    peer.sends(call("Note", "taken"));
    assertEquals("taken", text());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable any) throws E {
    throw (E) any;
  }

  @Test
  @DisplayName("one that runs a task in the call that hands it over is no deeper for ten thousand")
  void directExecutor() throws Exception {
    serve(Runnable::run);
    Thread sending =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              peer.sends(call("Wait", "first"));
              for (int i = 0; i < 10_000; i++) {
                peer.sends(call("Note", "one"));
              }
            });
    assertEquals("first", begun.poll(30, TimeUnit.SECONDS));
    // They have been read, and wait.
    sending.join();
    gate.release();
    assertEquals("first", text());
    for (int i = 0; i < 10_000; i++) {
      assertEquals("one", text());
    }
  }

  @Test
  @DisplayName("one that runs a task in the call that hands it over lets a call back through")
  void directExecutorCallsBack() throws Exception {
    serve(Runnable::run);
    peer.sends(peer.bytesOf(ScriptedPeer.call(PATH, NAME, "Ask")), call("Note", "behind"));
    MethodCall question = assertInstanceOf(MethodCall.class, peer.receives());
    assertEquals("behind", text());
    peer.sends(call("Note", "call back"));
    assertEquals("call back", text());
    peer.sends(MethodReturn.to(question));
    assertEquals(Body.EMPTY, reply().body());
  }
}
