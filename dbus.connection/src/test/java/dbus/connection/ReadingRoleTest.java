package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The thread that reads runs handlers, and is relieved of those that take long")
class ReadingRoleTest {
  private static final String PATH = "/com/example/Work";
  private static final String NAME = "com.example.Work1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final Semaphore gate = new Semaphore(0);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();
  private final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();

  @BeforeEach
  void serve() throws Exception {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Quick", in("number", INT32), out("same", INT32), this::quick)
                .method("Wait", this::waitForGate)
                .method("Ask", out("answer", STRING), this::ask)
                .method("Work", ReadingRoleTest::work)
                .method("Nasty", ReadingRoleTest::beNasty)
                .concurrent("Wait")
                .build());
    peer.served().objects(objects).onAuthenticated(opened::complete).start();
    peer.authenticates();
  }

  private int quick(int number) {
    threads.add(Thread.currentThread().getName());
    return number;
  }

  private void waitForGate() throws InterruptedException {
    threads.add(Thread.currentThread().getName());
    begun.countDown();
    gate.acquire();
  }

  /// Takes a fifth of a round of the watch.
  private static void work() {
    long end = System.nanoTime() + 200_000;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  private static void beNasty() {
    throw new IllegalStateException() {
      @Override
      public String getMessage() {
        throw new AssertionError("on purpose");
      }
    };
  }

  /// Calls back to the caller, and waits for the answer.
  private String ask() throws Exception {
    MethodCall question = ScriptedPeer.call("/peer", "com.example.Peer1", "Question");
    return opened.get().call(question, Duration.ofSeconds(30)).body().read(STRING);
  }

  private static MethodCall call(String member) {
    return ScriptedPeer.call(PATH, NAME, member);
  }

  private static MethodCall quickCall(int number) {
    return call("Quick").withBody(Body.of(INT32, number));
  }

  private int number() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives()).body().read(INT32);
  }

  private void emptyReply() throws Exception {
    assertEquals(Body.EMPTY, assertInstanceOf(MethodReturn.class, peer.receives()).body());
  }

  private String thread() throws InterruptedException {
    String name = threads.poll(30, TimeUnit.SECONDS);
    return name == null ? "none" : name;
  }

  // On a busy machine even a quick handler may lack a processor for so long that its thread is
  // relieved, and what one read brought may take more than a round. So these two wait until it is
  // as it should be.

  @Test
  void quickHandlersRunOnTheThreadThatReads() throws Exception {
    int inARow = 0;
    for (int i = 0; inARow < 100; i++) {
      assertNotEquals(100_000, i, "they never do");
      peer.sends(quickCall(i));
      assertEquals(i, number());
      inARow = thread().startsWith(ScriptedPeer.READER) ? inARow + 1 : 0;
    }
  }

  @Test
  void whatOneReadBroughtIsAnsweredInOneWrite() throws Exception {
    int pieces = 0;
    for (int i = 0; pieces != 1; i++) {
      assertNotEquals(1000, i, "it never is");
      peer.sends(
          peer.bytesOf(quickCall(1)), peer.bytesOf(quickCall(2)), peer.bytesOf(quickCall(3)));
      pieces = peer.pieces();
      Set<Integer> numbers = new HashSet<>();
      for (int k = 0; k < 3; k++) {
        numbers.add(number());
      }
      assertEquals(Set.of(1, 2, 3), numbers);
    }
  }

  @Test
  @DisplayName("CONN-24 an answer does not wait for the handlers of a whole packet")
  void answersAreNotHeldForLong() throws Exception {
    byte[][] packet = new byte[40][];
    for (int i = 0; i < packet.length; i++) {
      packet[i] = peer.bytesOf(call("Work"));
    }
    int most = 0;
    for (int i = 0; most < 2; i++) {
      assertNotEquals(100, i, "all answers of a packet are held until its end");
      peer.sends(packet);
      most = peer.pieces();
      for (int k = 0; k < packet.length; k++) {
        emptyReply();
      }
    }
  }

  @Test
  @DisplayName("CONN-07 more handlers than may be in progress call back, and all are answered")
  void manyCallBack() throws Exception {
    int count = ConnectionLimits.DEFAULT_CALLS_IN_PROGRESS * 2;
    for (int i = 0; i < count; i++) {
      peer.sends(call("Ask"));
    }
    int replies = 0;
    while (replies < count) {
      switch (peer.receives()) {
        case MethodCall question ->
            peer.sends(MethodReturn.to(question).withBody(Body.of(STRING, "42")));
        case MethodReturn reply -> {
          assertEquals("42", reply.body().read(STRING));
          replies++;
        }
        case Message other -> throw new AssertionError(other);
      }
    }
  }

  @Test
  @DisplayName("INTRO-01 what was answered at once is sent, however many calls are in progress")
  void answersDoNotWaitForCallsInProgress() throws Exception {
    int count = ConnectionLimits.DEFAULT_CALLS_IN_PROGRESS + 10;
    byte[][] packet = new byte[count + 1][];
    packet[0] = peer.bytesOf(ScriptedPeer.call(PATH, "org.freedesktop.DBus.Peer", "Ping"));
    for (int i = 1; i <= count; i++) {
      packet[i] = peer.bytesOf(call("Wait"));
    }
    peer.sends(packet);
    emptyReply();
    gate.release(count);
    for (int i = 0; i < count; i++) {
      emptyReply();
    }
  }

  @Test
  void aSignalsHandlerThatFailsBadlyHurtsNobodyElse() throws Exception {
    BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
    var _ =
        opened
            .get()
            .subscribe(
                SignalMatch.all(),
                signal -> {
                  throw new AssertionError("on purpose");
                });
    var _ = opened.get().subscribe(SignalMatch.all(), signal -> seen.add(readNumber(signal)));
    peer.sends(peer.bytesOf(signal(1)), peer.bytesOf(signal(2)), peer.bytesOf(quickCall(3)));
    assertEquals(3, number());
    assertEquals(1, seen.poll(30, TimeUnit.SECONDS));
    assertEquals(2, seen.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void aFailureThatCannotEvenBeToldHurtsNobodyElse() throws Exception {
    peer.sends(peer.bytesOf(call("Nasty")), peer.bytesOf(quickCall(1)));
    assertEquals(
        ErrorName.FAILED, assertInstanceOf(ErrorMessage.class, peer.receives()).errorName());
    assertEquals(1, number());
    peer.sends(quickCall(2));
    assertEquals(2, number());
  }

  @Test
  @DisplayName(
      "CONN-24 a concurrent handler that blocks delays nobody, not even in the same packet")
  void blockedHandler() throws Exception {
    peer.sends(peer.bytesOf(quickCall(1)), peer.bytesOf(call("Wait")), peer.bytesOf(quickCall(2)));
    assertEquals(1, number());
    assertEquals(2, number());
    peer.sends(quickCall(3));
    assertEquals(3, number());
    gate.release();
    emptyReply();
  }

  @Test
  void afterOneHasTakenLongItStartsElsewhere() throws Exception {
    peer.sends(call("Wait"));
    assertEquals(ScriptedPeer.READER + "1", thread());
    peer.sends(call("Wait"));
    assertEquals("dbus-handler", thread().replaceFirst("-\\d+$", ""));
    gate.release(2);
    emptyReply();
    emptyReply();
  }

  @Test
  void whatHasBecomeQuickAgainReturnsToTheThreadThatReads() throws Exception {
    peer.sends(call("Wait"));
    String first = thread();
    gate.release();
    emptyReply();
    String last = first;
    // At 30 s a call, something would be wrong.
    for (int i = 0; !last.startsWith(ScriptedPeer.READER) || i == 0; i++) {
      gate.release();
      peer.sends(call("Wait"));
      emptyReply();
      last = thread();
      assertNotEquals(100_000, i, "it never returns");
    }
    assertNotEquals(first, last, "the first thread has left for good");
  }

  @Test
  @DisplayName("CONN-07, CONN-12 a handler on the thread that reads may call back and wait")
  void callsBack() throws Exception {
    peer.sends(call("Ask"));
    MethodCall question = assertInstanceOf(MethodCall.class, peer.receives());
    peer.sends(MethodReturn.to(question).withBody(Body.of(STRING, "42")));
    MethodReturn reply = assertInstanceOf(MethodReturn.class, peer.receives());
    assertEquals("42", reply.body().read(STRING));
  }

  @Test
  @DisplayName("CONN-12 what depends on a reply may call and wait")
  void callsBehindAFuture() throws Exception {
    MethodCall question = ScriptedPeer.call("/peer", "com.example.Peer1", "Question");
    CompletableFuture<String> second =
        opened
            .get()
            .callAsync(question, Duration.ofSeconds(30))
            .thenApply(reply -> {
              try {
                return ask();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    for (String answer : List.of("1", "2")) {
      MethodCall asked = assertInstanceOf(MethodCall.class, peer.receives());
      peer.sends(MethodReturn.to(asked).withBody(Body.of(STRING, answer)));
    }
    assertEquals("2", second.get(30, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("CONN-23 signals keep their order when a handler of one blocks")
  void orderOfSignals() throws Exception {
    BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
    opened
        .get()
        .subscribe(
            SignalMatch.all(),
            signal -> {
              int number = readNumber(signal);
              if (number == 0) {
                begun.countDown();
                gate.acquireUninterruptibly();
              }
              seen.add(number);
            });
    for (int i = 0; i < 50; i++) {
      peer.sends(signal(i));
    }
    begun.await();
    peer.sends(ScriptedPeer.call(PATH, "org.freedesktop.DBus.Peer", "Ping"));
    emptyReply();
    gate.release();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(seen.poll(30, TimeUnit.SECONDS));
    }
    assertEquals(IntStream.range(0, 50).boxed().toList(), all);
  }

  private static Signal signal(int number) {
    return Signal.of(
            new ObjectPath("/peer"),
            new InterfaceName("com.example.Peer1"),
            new MemberName("Count"))
        .withBody(Body.of(INT32, number));
  }

  private static int readNumber(Signal signal) {
    return signal.body().reader().readInt32();
  }

  @Test
  void manyThatBlockAndManyThatDoNotAreAllAnswered() throws Exception {
    int count = 60;
    Set<Integer> awaited = new HashSet<>();
    for (int i = 0; i < count; i++) {
      peer.sends(peer.bytesOf(call("Wait")), peer.bytesOf(quickCall(i)));
      awaited.add(i);
    }
    for (int i = 0; i < count; i++) {
      awaited.remove(number());
    }
    assertEquals(Set.of(), awaited);
    gate.release(count);
    for (int i = 0; i < count; i++) {
      emptyReply();
    }
  }

  @Test
  @DisplayName("CONN-38 a handler that blocks does not keep the connection from closing")
  void closesWhileAHandlerBlocks() throws Exception {
    peer.sends(call("Wait"));
    opened.get().close();
    CloseReason reason = opened.get().closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertEquals(CloseReason.Kind.LOCAL, reason.kind());
    gate.release();
  }
}
