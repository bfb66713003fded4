package dbus.connection;

import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The ways in which a connection ends when both its sides are of this library.
final class EndingsOfBothSides extends Endings {

  private final Executor executor;

  /// @param executor where the handlers of some connections run; one thread
  EndingsOfBothSides(Executor executor, Consumer<Object> made) {
    super(made);
    this.executor = executor;
  }

  @Override
  Map<String, Ending> byName() {
    return Map.ofEntries(
        Map.entry("closed by the server", at -> closed(at, both -> both.server().close())),
        Map.entry("closed by the client", at -> closed(at, both -> both.client().close())),
        Map.entry("closed by both", at -> closed(at, Both::close)),
        Map.entry("a handler runs when this side closes", this::closedWhileHandling),
        Map.entry("a handler runs when the peer leaves", this::leftWhileHandling),
        Map.entry("calls wait on both sides", this::waitingCalls),
        Map.entry("calls are queued for the executor", this::queuedForExecutor),
        Map.entry("more calls than may be in progress", this::parked),
        Map.entry("signals wait for their handler", this::waitingSignals),
        Map.entry("paused, and closed", this::pausedAndClosed),
        Map.entry("paused, and left by the peer", this::pausedAndLeft),
        Map.entry("a filter has failed", this::filterFailed),
        Map.entry("the peer does not read", this::notRead));
  }

  private CompletionStage<?> closed(Meeting at, Consumer<Both> end) throws Exception {
    Both both = both(at);
    assertEquals("x", both.client().call(PATH, NAME, "Text", Body.of(STRING, "x"), STRING));
    end.accept(both);
    return both.over();
  }

  /// A handler that says when it runs, and runs until it is told to end.
  private record Blocking(CompletableFuture<Void> runs, CompletableFuture<Void> ends) {

    Blocking() {
      this(new CompletableFuture<>(), new CompletableFuture<>());
    }

    Interface asInterface() {
      return Interface.named("com.example.Blocking1")
          .method(
              "Block",
              () -> {
                runs.complete(null);
                ends.get(30, TimeUnit.SECONDS);
              })
          .build();
    }

    CompletableFuture<MethodReturn> begin(DBusConnection caller) throws Exception {
      CompletableFuture<MethodReturn> reply =
          caller.callAsync(
              MethodCall.of(
                  new ObjectPath("/blocking"),
                  new InterfaceName("com.example.Blocking1"),
                  new MemberName("Block")),
              FOREVER);
      runs.get(30, TimeUnit.SECONDS);
      return reply;
    }
  }

  private CompletionStage<?> closedWhileHandling(Meeting at) throws Exception {
    Blocking blocking = new Blocking();
    Both both = both(at);
    var _ = both.server().export(new ObjectPath("/blocking"), blocking.asInterface());
    var _ = blocking.begin(both.client());
    both.server().close();
    blocking.ends.complete(null);
    return both.over();
  }

  private CompletionStage<?> leftWhileHandling(Meeting at) throws Exception {
    Blocking blocking = new Blocking();
    Both both = both(at);
    var _ = both.server().export(new ObjectPath("/blocking"), blocking.asInterface());
    var _ = blocking.begin(both.client());
    both.client().close();
    blocking.ends.complete(null);
    return both.over();
  }

  private CompletionStage<?> waitingCalls(Meeting at) throws Exception {
    Both both = both(at, side -> side, side -> side.export(PATH, neverAnswering()));
    CompletableFuture<?> asked = both.client().callAsync(call("Never"), FOREVER);
    CompletableFuture<?> back = both.server().callAsync(call("Never"), FOREVER);
    var _ = both.client().callAsync(call("Forget"), FOREVER);
    var _ = both.client().callAsync(call("Never"), Duration.ofHours(1)).cancel(true);
    // So they have come.
    assertEquals("x", both.client().call(PATH, NAME, "Text", Body.of(STRING, "x"), STRING));
    both.close();
    return both.over()
        .thenCombine(asked.handle((reply, failure) -> failure), (over, failure) -> failure)
        .thenCombine(back.handle((reply, failure) -> failure), List::of);
  }

  private CompletionStage<?> queuedForExecutor(Meeting at) throws Exception {
    Blocking blocking = new Blocking();
    Both both = both(at, side -> side.executor(executor), side -> side.executor(executor));
    var _ = both.server().export(new ObjectPath("/blocking"), blocking.asInterface());
    var _ = blocking.begin(both.client());
    for (int i = 0; i < 3; i++) {
      var _ = both.client().callAsync(CALL, FOREVER);
    }
    both.client().close();
    blocking.ends.complete(null);
    return both.over();
  }

  private CompletionStage<?> parked(Meeting at) throws Exception {
    Both both = both(at);
    for (int i = 0; i < ConnectionLimits.DEFAULT_CALLS_IN_PROGRESS + 2; i++) {
      var _ = both.client().callAsync(call("Never"), FOREVER);
    }
    both.client().close();
    both.server().close();
    return both.over();
  }

  private CompletionStage<?> waitingSignals(Meeting at) throws Exception {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    Both both = both(at);
    var _ =
        both.server()
            .subscribe(
                SignalMatch.all(),
                signal -> {
                  first.complete(null);
                  goOn.join();
                });
    for (int i = 0; i < 5; i++) {
      both.client().emit(PATH, NAME, "Counted", Body.of(INT32, i));
    }
    first.get(30, TimeUnit.SECONDS);
    both.server().close();
    goOn.complete(null);
    return both.over();
  }

  private CompletionStage<?> pausedAndClosed(Meeting at) throws Exception {
    Both both = both(at, ServerSide::paused, ClientSide::paused);
    var _ = both.client().callAsync(CALL, FOREVER);
    both.close();
    return both.over();
  }

  private CompletionStage<?> pausedAndLeft(Meeting at) throws Exception {
    Both both = both(at, ServerSide::paused, side -> side);
    var _ = both.client().callAsync(CALL, FOREVER);
    both.client().close();
    both.server().start();
    return both.over();
  }

  private CompletionStage<?> filterFailed(Meeting at) throws Exception {
    Both both = both(at);
    var _ =
        both.server()
            .addFilter((message, direction) -> {
              throw new IllegalStateException("on purpose");
            });
    return both.client()
        .callAsync(CALL, FOREVER)
        .handle((reply, failure) -> failure)
        .thenCompose(failure -> {
          both.client().close();
          return both.over();
        });
  }

  /// More waits than the transport holds, so that a thread is stuck in writing.
  private CompletionStage<?> notRead(Meeting at) throws Exception {
    Both both = both(at, side -> side, ClientSide::paused);
    for (int i = 0; i < 4; i++) {
      var _ =
          both.server()
              .callAsync(call("Text").withBody(Body.of(STRING, "x".repeat(200_000))), FOREVER);
    }
    both.server().close(Duration.ZERO);
    both.client().start();
    return both.over();
  }
}
