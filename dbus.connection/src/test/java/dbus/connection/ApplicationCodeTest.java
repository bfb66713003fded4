package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CONN-51 what the application's code does hurts nobody but its own call")
class ApplicationCodeTest {
  private static final String PATH = "/com/example/A";
  private static final String NAME = "com.example.A1";
  private static final Duration LONG = Duration.ofDays(1);

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
  private final CountDownLatch never = new CountDownLatch(1);

  /// Its text cannot be had.
  private static final class Nasty extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("on purpose");
    }
  }

  private DBusConnection serve(UnaryOperator<ServerSide> options) throws Exception {
    options.apply(peer.served().objects(objects)).onAuthenticated(opened::complete).start();
    peer.authenticates();
    return opened.get(30, TimeUnit.SECONDS);
  }

  private DBusConnection serve() throws Exception {
    return serve(side -> side);
  }

  /// What hung is not to outlive its test.
  @AfterEach
  void release() {
    never.countDown();
  }

  private void hang() {
    try {
      never.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static MethodCall question() {
    return ScriptedPeer.call("/peer", "com.example.Peer1", "Question");
  }

  private void pingIsAnswered() throws Exception {
    peer.sends(ScriptedPeer.call(PATH, "org.freedesktop.DBus.Peer", "Ping"));
    assertEquals(Body.EMPTY, assertInstanceOf(MethodReturn.class, peer.receives()).body());
  }

  private static CloseReason end(DBusConnection connection) throws Exception {
    return connection.closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static void fails(CompletableFuture<?> call) {
    assertThrows(ExecutionException.class, () -> call.get(30, TimeUnit.SECONDS));
  }

  /// What a call sees of the end that hangs on it, waiting for that.
  private static CompletableFuture<CloseReason> endSeenBehindACall(DBusConnection connection) {
    CompletableFuture<CloseReason> seen = new CompletableFuture<>();
    var _ =
        connection
            .callAsync(question(), LONG)
            .whenComplete(
                (reply, e) -> seen.complete(connection.closed().toCompletableFuture().join()));
    return seen;
  }

  @Test
  @DisplayName("what hangs on a call may wait for the end of the connection, when the peer leaves")
  void waitsForTheEndWhenThePeerLeaves() throws Exception {
    DBusConnection connection = serve();
    CompletableFuture<CloseReason> seen = endSeenBehindACall(connection);
    var _ = peer.receives();
    peer.endsItsStream();
    assertEquals(Kind.REMOTE, end(connection).kind());
    assertEquals(Kind.REMOTE, seen.get(30, TimeUnit.SECONDS).kind());
  }

  @Test
  @DisplayName(
      "what hangs on a call may wait for the end of the connection, when it is closed here")
  void waitsForTheEndWhenItIsClosed() throws Exception {
    DBusConnection connection = serve();
    CompletableFuture<CloseReason> seen = endSeenBehindACall(connection);
    connection.close();
    assertEquals(Kind.LOCAL, end(connection).kind());
    assertEquals(Kind.LOCAL, seen.get(30, TimeUnit.SECONDS).kind());
  }

  @Test
  @DisplayName("what hangs on one call, and never returns, delays the failure of no other")
  void hangingDependents() throws Exception {
    DBusConnection connection = serve();
    List<CompletableFuture<MethodReturn>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      CompletableFuture<MethodReturn> call = connection.callAsync(question(), LONG);
      if (i % 3 == 0) {
        var _ = call.whenComplete((reply, e) -> hang());
      } else {
        // Only these: a thread that waits for a future may itself run what hangs on it.
        calls.add(call);
      }
    }
    connection.close();
    calls.forEach(ApplicationCodeTest::fails);
    assertEquals(Kind.LOCAL, end(connection).kind());
  }

  @Test
  @DisplayName("what hangs on a reply, and never returns, delays no other reply")
  void hangingDependentsOfReplies() throws Exception {
    DBusConnection connection = serve();
    CompletableFuture<MethodReturn> one = connection.callAsync(question(), LONG);
    var _ = one.whenComplete((reply, e) -> hang());
    CompletableFuture<MethodReturn> two = connection.callAsync(question(), LONG);
    MethodCall first = assertInstanceOf(MethodCall.class, peer.receives());
    MethodCall second = assertInstanceOf(MethodCall.class, peer.receives());
    peer.sends(MethodReturn.to(first));
    peer.sends(MethodReturn.to(second));
    assertEquals(Body.EMPTY, two.get(30, TimeUnit.SECONDS).body());
    pingIsAnswered();
  }

  @Test
  @DisplayName("what hangs on one look at the end keeps nobody else from being told")
  void hangingAtTheEnd() throws Exception {
    DBusConnection connection = serve();
    var _ = connection.closed().thenRun(this::hang);
    CompletableFuture<CloseReason> other = connection.closed().toCompletableFuture();
    connection.close();
    assertEquals(Kind.LOCAL, other.get(30, TimeUnit.SECONDS).kind());
    assertEquals(Kind.LOCAL, end(connection).kind());
  }

  @Test
  @DisplayName("a signal handler whose exception has no text fails alone, every time")
  void nastySignalHandler() throws Exception {
    DBusConnection connection = serve();
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    var _ =
        connection.subscribe(
            SignalMatch.all(),
            signal -> {
              throw new Nasty();
            });
    var _ =
        connection.subscribe(
            SignalMatch.all(), signal -> seen.add(signal.body().reader().readString()));
    for (int i = 0; i < 50; i++) {
      peer.sends(ScriptedPeer.signal("number " + i));
      assertEquals("number " + i, seen.poll(30, TimeUnit.SECONDS));
    }
    pingIsAnswered();
  }

  @Test
  @DisplayName("a filter whose exception has no text costs its message alone")
  void nastyFilter() throws Exception {
    DBusConnection connection = serve();
    try (Registration filter =
        connection.addFilter((message, direction) -> {
          throw new Nasty();
        })) {
      peer.sends(ScriptedPeer.call(PATH, "org.freedesktop.DBus.Peer", "Ping"));
      assertEquals(
          ErrorName.FAILED, assertInstanceOf(ErrorMessage.class, peer.receives()).errorName());
      assertFalse(connection.isClosed());
    }
    pingIsAnswered();
  }

  @Test
  @DisplayName("a registered exception that cannot be made is received as a plain one")
  void errorMapping() throws Exception {
    ErrorName name = new ErrorName("com.example.Error.Broken");
    DBusConnection connection =
        serve(side ->
            side.errors(
                ErrorMapping.builder()
                    .received(
                        name,
                        reply -> {
                          throw new NoClassDefFoundError("on purpose");
                        })
                    .build()));
    CompletableFuture<MethodReturn> call = connection.callAsync(question(), LONG);
    MethodCall asked = assertInstanceOf(MethodCall.class, peer.receives());
    peer.sends(ErrorMessage.to(asked, name, "no"));
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> call.get(30, TimeUnit.SECONDS));
    assertEquals(name, assertInstanceOf(DBusErrorException.class, e.getCause()).errorName());
    pingIsAnswered();
  }

  @Test
  @DisplayName("a handler may begin another connection, even one that has ended already")
  void anotherConnection() throws Exception {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method(
                    "Begin",
                    () -> {
                      TransportPair pair = TransportPair.inMemory();
                      pair.server().close();
                      var _ = DBusConnection.serverSide(pair.server(), Guid.random()).start();
                    })
                .build());
    DBusConnection connection = serve();
    for (int i = 0; i < 3; i++) {
      peer.sends(ScriptedPeer.call(PATH, NAME, "Begin"));
      assertEquals(Body.EMPTY, assertInstanceOf(MethodReturn.class, peer.receives()).body());
    }
    pingIsAnswered();
    assertFalse(connection.isClosed());
  }

  @Test
  @DisplayName("a budget that throws does not end the connection")
  void budget() throws Exception {
    Budget throwing =
        new OpenBudget() {
          @Override
          public boolean chargeBytes(long bytes) {
            throw new Nasty();
          }

          @Override
          public void refundBytes(long bytes) {
            throw new AssertionError("on purpose");
          }

          @Override
          public boolean chargeHandler() {
            throw new Nasty();
          }

          @Override
          public void refundHandler() {
            throw new Nasty();
          }
        };
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Echo", in("text", STRING), out("text", STRING), this::slowly)
                .build());
    DBusConnection connection = serve(side -> side.budget(one -> throwing));
    String large = "x".repeat(1 << 20);
    for (int i = 0; i < 3; i++) {
      peer.sends(ScriptedPeer.call(PATH, NAME, "Echo").withBody(Body.of(STRING, large)));
      assertEquals(large, peer.receives().body().read(STRING));
    }
    assertFalse(connection.isClosed());
  }

  private String slowly(String text) throws InterruptedException {
    // So that another thread is charged for.
    assertFalse(never.await(20, TimeUnit.MILLISECONDS));
    return text;
  }

  @Test
  @DisplayName("CONN-31 no handler of a signal begins behind one that closes the connection")
  void secondHandler() throws Exception {
    DBusConnection connection = serve();
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    var _ =
        connection.subscribe(
            SignalMatch.all(),
            signal -> {
              seen.add("first");
              connection.close();
              connection.closed().toCompletableFuture().join();
              seen.add("told");
            });
    var _ = connection.subscribe(SignalMatch.all(), signal -> seen.add("second"));
    peer.sends(ScriptedPeer.signal("one"));
    assertEquals("first", seen.poll(30, TimeUnit.SECONDS));
    assertEquals("told", seen.poll(30, TimeUnit.SECONDS));
    assertEquals(null, seen.poll(100, TimeUnit.MILLISECONDS));
  }

  @Test
  @DisplayName("a filter that hangs at one announcement holds up no other of the same property")
  void announcements() throws Exception {
    DBusConnection connection = serve();
    Export export =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME).property("Text", STRING, () -> "text").build());
    CountDownLatch inFilter = new CountDownLatch(1);
    Thread hanging = Thread.ofPlatform().daemon().unstarted(() -> export.changed("Text"));
    var _ =
        connection.addFilter((message, direction) -> {
          if (Thread.currentThread().equals(hanging)) {
            inFilter.countDown();
            hang();
          }
          return Optional.of(message);
        });
    hanging.start();
    assertTrue(inFilter.await(30, TimeUnit.SECONDS));
    export.changed("Text");
    assertEquals(
        "PropertiesChanged", assertInstanceOf(Signal.class, peer.receives()).member().value());
    never.countDown();
    hanging.join();
    // What it had to tell is older, and told already.
    pingIsAnswered();
  }
}
