package dbus.connection;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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
import dbus.wire.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CONN-51 what one piece of the application's code does, it does to itself alone")
class OneHoldsUpNoOtherTest {

  private static final String PATH = "/com/example/A";
  private static final String NAME = "com.example.A1";
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ScriptedPeer peer = new ScriptedPeer();
  private final CompletableFuture<DBusConnection> connection = new CompletableFuture<>();
  private final Semaphore gate = new Semaphore(0);
  private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

  private void serve(UnaryOperator<ServerSide> with) throws Exception {
    ObjectTree objects = new ObjectTree();
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Wait", gate::acquire)
                .method(
                    "WaitAndAsk",
                    () -> {
                      gate.acquire();
                      var _ = connection.get().call(call("Ask"), LONG);
                    })
                .method(
                    "WaitInterrupted",
                    () -> {
                      gate.acquire();
                      Thread.currentThread().interrupt();
                    })
                .method("Look", () -> interrupted.complete(Thread.currentThread().isInterrupted()))
                .method("Text", out("text", STRING), () -> "text")
                .build());
    var _ =
        with.apply(peer.served().objects(objects).onAuthenticated(connection::complete)).start();
  }

  private static MethodCall call(String member) {
    return ScriptedPeer.call(PATH, NAME, member);
  }

  @Test
  @DisplayName("who hangs on the last answer holds up nobody else who waits for it")
  void finishCalls() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    serve(side -> side);
    peer.authenticates();
    peer.sends(call("Wait"));
    DBusConnection here = connection.get(30, TimeUnit.SECONDS);
    CompletableFuture<Void> first = here.finishCalls().toCompletableFuture();
    var _ = here.finishCalls().thenRun(() -> awaitQuietly(never));
    gate.release();
    var _ = first.get(30, TimeUnit.SECONDS);
    never.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("CONN-50 who holds the monitor of a public object does not stop the reading")
  void monitor() throws Exception {
    serve(side -> side);
    peer.authenticates();
    RemoteProperties properties =
        connection.get(30, TimeUnit.SECONDS).properties("/peer", "com.example.Peer1");
    CompletableFuture<Value> got = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          synchronized (properties) {
            try {
              got.complete(properties.get("Level"));
            } catch (Exception e) {
              got.completeExceptionally(e);
            }
          }
        });
    MethodCall get = assertInstanceOf(MethodCall.class, peer.receives());
    Signal changed =
        Signal.of(
                new ObjectPath("/peer"),
                new InterfaceName("org.freedesktop.DBus.Properties"),
                new MemberName("PropertiesChanged"))
            .withBody(
                Body.of(
                    new Value.Str("com.example.Peer1"),
                    Value.of(Map.<String, Value>of()),
                    Value.Array.ofStrings("Level")));
    Value seven = new Value.Str("7");
    peer.sends(
        peer.bytesOf(changed),
        peer.bytesOf(MethodReturn.to(get).withBody(Body.of(new Value.Variant(seven)))));
    assertEquals(seven, got.get(30, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName(
      "CONN-52 an interrupt left by a filter, or by who is shown the connection, ends there")
  void interruptOnTheThreadThatReads(boolean byFilter) throws Exception {
    serve(side ->
        side.onAuthenticated(opened -> {
          if (byFilter) {
            var _ =
                opened.addFilter((message, direction) -> {
                  if (message instanceof Signal) {
                    Thread.currentThread().interrupt();
                  }
                  return Optional.of(message);
                });
          } else {
            Thread.currentThread().interrupt();
          }
          return true;
        }));
    peer.sends(
        ScriptedPeer.handshake().getBytes(StandardCharsets.ISO_8859_1),
        peer.bytesOf(ScriptedPeer.signal("x")),
        peer.bytesOf(call("Look")));
    assertFalse(interrupted.get(30, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName(
      "CONN-52 and so does one left by a handler on an executor that runs them in the call")
  void interruptOnAnExecutor() throws Exception {
    serve(side -> side.executor(Runnable::run));
    peer.authenticates();
    peer.sends(call("WaitInterrupted"));
    peer.sends(call("Look"));
    gate.release();
    assertFalse(interrupted.get(30, TimeUnit.SECONDS));
  }

  /// One thread beside the one that reads.
  private static final class OneThread extends OpenBudget {
    private final AtomicInteger handlers = new AtomicInteger();

    @Override
    public boolean chargeHandler() {
      if (handlers.incrementAndGet() > 1) {
        handlers.decrementAndGet();
        return false;
      }
      return true;
    }

    @Override
    public void refundHandler() {
      handlers.decrementAndGet();
    }
  }

  @Test
  @DisplayName(
      "CONN-54 where no thread is left, a call behind a handler that asks its peer is refused")
  void noThreadForWhatWaits() throws Exception {
    serve(side -> side.budget(opened -> new OneThread()));
    peer.authenticates();
    peer.sends(call("WaitAndAsk"));
    peer.sends(call("Text"));
    gate.release();
    Message first = peer.receives();
    Message second = peer.receives();
    // The peer answers only then.
    MethodCall asked =
        assertInstanceOf(MethodCall.class, first instanceof MethodCall ? first : second);
    ErrorMessage refused =
        assertInstanceOf(ErrorMessage.class, first instanceof MethodCall ? second : first);
    assertEquals(ErrorName.LIMITS_EXCEEDED, refused.errorName());
    peer.sends(MethodReturn.to(asked));
    assertInstanceOf(MethodReturn.class, peer.receives());
  }
}
