package dbus.connection;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("CONN-52 an interrupt ends the wait of the interrupted caller and nothing else")
class InterruptTest {
  private static final String PATH = "/com/example/A";
  private static final String NAME = "com.example.A1";

  private static final ConnectionLimits SMALL = ConnectionLimits.DEFAULT.withOutgoingBytes(4096);

  private static void export(DBusConnection connection, CountDownLatch gate) {
    var _ =
        connection.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Wait", () -> gate.await())
                .method("Text", out("text", STRING), () -> "text")
                .build());
  }

  private static String text(DBusConnection from) throws Exception {
    return from.call(PATH, NAME, "Text", Body.EMPTY, STRING);
  }

  @ParameterizedTest
  @EnumSource
  void whileItWaitsForRoom(Kind kind) throws Exception {
    CountDownLatch never = new CountDownLatch(0);
    try (Kind.Pair pair = kind.connected(side -> side.limits(SMALL), side -> side.paused())) {
      export(pair.server(), never);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Body large = Body.of(STRING, "x".repeat(1 << 20));
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  while (true) {
                    pair.client().emit(PATH, NAME, "Large", large);
                  }
                } catch (IOException e) {
                  failure.complete(e);
                  failure.complete(new AssertionError("not marked as interrupted"));
                }
              });
      while (sender.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      sender.interrupt();
      assertInstanceOf(InterruptedIOException.class, failure.get(30, TimeUnit.SECONDS));
      assertFalse(pair.client().isClosed());
      pair.server().start();
      assertEquals("text", text(pair.client()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whileItWaitsForAReply(Kind kind) throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (Kind.Pair pair = kind.connected(side -> side, side -> side)) {
      export(pair.server(), gate);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread caller =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  var _ = pair.client().call(PATH, NAME, "Wait", Body.EMPTY);
                } catch (Exception e) {
                  failure.complete(e);
                }
              });
      while (caller.getState() != Thread.State.WAITING
          && caller.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      caller.interrupt();
      assertInstanceOf(InterruptedException.class, failure.get(30, TimeUnit.SECONDS));
      gate.countDown();
      assertEquals("text", text(pair.client()));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a thread that is interrupted all the time may send, and breaks no message")
  void whileItWrites(Kind kind) throws Exception {
    // So that what is asked meanwhile does not stand behind very much.
    ConnectionLimits some = ConnectionLimits.DEFAULT.withOutgoingBytes(1 << 18);
    try (Kind.Pair pair = kind.connected(side -> side.limits(some), side -> side)) {
      export(pair.server(), new CountDownLatch(0));
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Body body = Body.of(STRING, "x".repeat(10_000));
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                while (!over.get()) {
                  try {
                    pair.client().emit(PATH, NAME, "Some", body);
                  } catch (InterruptedIOException interrupted) {
                    boolean _ = Thread.interrupted();
                  } catch (IOException e) {
                    failure.complete(e);
                    return;
                  }
                }
              });
      for (int i = 0; i < 2000 && !failure.isDone(); i++) {
        sender.interrupt();
        if (i % 20 == 0) {
          assertEquals("text", text(pair.client()));
        }
      }
      over.set(true);
      sender.join();
      assertFalse(failure.isDone(), () -> failure.join().toString());
      assertEquals("text", text(pair.client()));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("an answer of a handler whose thread is interrupted is sent all the same")
  void whileAHandlerAnswers(Kind kind) throws Exception {
    try (Kind.Pair pair = kind.connected(side -> side, side -> side)) {
      var _ =
          pair.server()
              .export(
                  new ObjectPath(PATH),
                  Interface.named(NAME)
                      .method(
                          "Text",
                          out("text", STRING),
                          () -> {
                            Thread.currentThread().interrupt();
                            return "text";
                          })
                      .build());
      for (int i = 0; i < 100; i++) {
        assertEquals("text", text(pair.client()));
      }
      assertTrue(pair.client().flush(Duration.ofSeconds(30)));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what a handler of a signal leaves interrupted is not so for the next handler")
  void ofOneHandlerIsNotOfTheNext(Kind kind) throws Exception {
    try (Kind.Pair pair = kind.connected(side -> side, side -> side)) {
      CompletableFuture<Boolean> next = new CompletableFuture<>();
      var _ =
          pair.client().subscribe(SignalMatch.all(), signal -> Thread.currentThread().interrupt());
      var _ =
          pair.client()
              .subscribe(
                  SignalMatch.all(),
                  signal -> next.complete(Thread.currentThread().isInterrupted()));
      pair.server().emit(PATH, NAME, "S", Body.EMPTY);
      assertFalse(next.get(30, TimeUnit.SECONDS));
    }
  }
}
