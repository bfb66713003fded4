package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName(
    "CONN-50 no deadlock by writing: the thread that reads never waits for the peer to read")
class NoDeadlockByWritingTest {
  private static final String PATH = "/com/example/Large";
  private static final String NAME = "com.example.Large1";
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final MethodCall INTROSPECT =
      ScriptedPeer.call(PATH, "org.freedesktop.DBus.Introspectable", "Introspect");

  private static void export(DBusConnection connection) {
    var _ =
        connection.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .annotation("com.example.Text", "x".repeat(200_000))
                .method("Same", in("n", INT32), out("n", INT32), n -> n)
                .method("Echo", in("text", STRING), out("text", STRING), text -> text)
                .method("CallBack", in("n", INT32), out("n", INT32), n -> callBack(connection, n))
                .build());
  }

  private static int callBack(DBusConnection connection, int n) throws Exception {
    return connection.call(same(n), LONG).body().read(INT32);
  }

  private static MethodCall same(int n) {
    return ScriptedPeer.call(PATH, NAME, "Same").withBody(Body.of(INT32, n));
  }

  private static void awaitAll(List<CompletableFuture<MethodReturn>> calls) throws Exception {
    for (CompletableFuture<MethodReturn> one : calls) {
      var _ = one.get(60, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("two peers that introspect each other at once get all answers, however large")
  void introspectEachOther(Kind kind) throws Exception {
    try (Kind.Pair pair = kind.connected(side -> side, side -> side)) {
      export(pair.client());
      export(pair.server());
      List<CompletableFuture<MethodReturn>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(pair.client().callAsync(INTROSPECT, LONG));
        calls.add(pair.server().callAsync(INTROSPECT, LONG));
      }
      awaitAll(calls);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a client that writes all its calls before it reads is answered")
  void writesAllBeforeItReads(Kind kind) throws Exception {
    try (Kind.Pair pair = kind.connected(ClientSide::paused, side -> side)) {
      export(pair.server());
      List<CompletableFuture<MethodReturn>> calls = new ArrayList<>();
      MethodCall echo =
          ScriptedPeer.call(PATH, NAME, "Echo").withBody(Body.of(STRING, "x".repeat(50_000)));
      for (int i = 0; i < 100; i++) {
        calls.add(pair.client().callAsync(i % 2 == 0 ? echo : INTROSPECT, LONG));
      }
      // All of it is with the server, which has nowhere to write its answers to.
      assertTrue(pair.client().flush(LONG));
      pair.client().start();
      awaitAll(calls);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("two peers that flood each other, with calls back, below the limits, are answered")
  void floodsWithCallsBack(Kind kind) throws Exception {
    try (Kind.Pair pair = kind.connected(side -> side, side -> side)) {
      export(pair.client());
      export(pair.server());
      List<CompletableFuture<MethodReturn>> calls = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        MethodCall callBack = ScriptedPeer.call(PATH, NAME, "CallBack").withBody(Body.of(INT32, i));
        calls.add(pair.client().callAsync(callBack, LONG));
        calls.add(pair.server().callAsync(callBack, LONG));
      }
      for (int i = 0; i < calls.size(); i++) {
        assertEquals(i / 2, calls.get(i).get(60, TimeUnit.SECONDS).body().read(INT32));
      }
    }
  }

  /// Each has more to say than the other may leave unread, and the sockets hold less.
  @ParameterizedTest
  @EnumSource
  @DisplayName("above the limits every call gets a reply, or the connection ends, with the reason")
  void aboveTheLimits(Kind kind) throws Exception {
    ConnectionLimits small =
        ConnectionLimits.DEFAULT
            .withOutgoingBytes(4096)
            .withUndeliveredBytes(4096)
            .withOutgoingTime(Duration.ofSeconds(2));
    try (Kind.Pair pair = kind.connected(side -> side.limits(small), side -> side.limits(small))) {
      export(pair.client());
      export(pair.server());
      List<CompletableFuture<?>> ends = new ArrayList<>();
      for (DBusConnection one : List.of(pair.client(), pair.server())) {
        for (int i = 0; i < 8; i++) {
          CompletableFuture<?> end = new CompletableFuture<>();
          ends.add(end);
          var _ = Thread.ofPlatform().daemon().start(() -> callUntilItEnds(one, end));
        }
      }
      for (CompletableFuture<?> end : ends) {
        var _ = end.get(90, TimeUnit.SECONDS);
      }
      if (anyEnded) {
        String reasons = reason(pair.client()) + reason(pair.server());
        assertTrue(reasons.contains("the peer does not read"), reasons);
      }
    }
  }

  private static String reason(DBusConnection connection) throws Exception {
    CloseReason reason = connection.closed().toCompletableFuture().get(60, TimeUnit.SECONDS);
    return reason + " ";
  }

  private volatile boolean anyEnded;

  private void callUntilItEnds(DBusConnection connection, CompletableFuture<?> end) {
    try {
      for (int i = 0; i < 20; i++) {
        assertFalse(connection.call(INTROSPECT, LONG).body().isEmpty());
      }
      end.complete(null);
    } catch (CallTimeoutException hangs) {
      end.completeExceptionally(hangs);
    } catch (IOException ended) {
      anyEnded = true;
      end.complete(null);
    } catch (Exception e) {
      end.completeExceptionally(new ExecutionException(e));
    }
  }
}
