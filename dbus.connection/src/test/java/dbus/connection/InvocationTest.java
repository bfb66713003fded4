package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.introspection.Annotations;
import dbus.wire.Body;
import dbus.wire.BusName;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a handler gets, and the ways in which it answers.
class InvocationTest {

  private static final String PATH = "/com/example/Thing";
  private static final String NAME = "com.example.Thing1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final BlockingQueue<Invocation> later = new LinkedBlockingQueue<>();
  private final BlockingQueue<CompletableFuture<Integer>> futures = new LinkedBlockingQueue<>();
  private DBusConnection connection;
  private Export export;

  @BeforeEach
  void connect() throws Exception {
    export =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Later", List.of(in("text", STRING)), List.of(), later::add)
                .method("Forget", List.of(), List.of(), call -> {})
                .methodAsync("Soon", out("number", INT32), this::future)
                .methodAsync(
                    "Next",
                    in("n", INT32),
                    out("number", INT32),
                    n -> future().thenApply(more -> n + more))
                .methodAsync(
                    "Sum",
                    in("a", INT32),
                    in("b", INT32),
                    out("sum", INT32),
                    (a, b) -> CompletableFuture.completedFuture(a + b))
                .method("Log", in("line", STRING), line -> {})
                .annotateMethod("Log", Annotations.NO_REPLY, "true")
                .method("Ping", out("text", STRING), () -> "mine")
                .build());
    peer.served()
        .objects(objects)
        .onAuthenticated(opened -> {
          connection = opened;
          return true;
        })
        .start();
    peer.authenticates();
  }

  private CompletableFuture<Integer> future() {
    CompletableFuture<Integer> future = new CompletableFuture<>();
    futures.add(future);
    return future;
  }

  private static MethodCall call(String member, Value... arguments) {
    return ScriptedPeer.call(PATH, NAME, member).withBody(Body.of(arguments));
  }

  private int number() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives()).body().read(INT32);
  }

  private ErrorMessage error() throws Exception {
    return assertInstanceOf(ErrorMessage.class, peer.receives());
  }

  @Test
  @DisplayName("CONN-22, SEC-06 a handler knows the call, and who calls by the connection alone")
  void whatAHandlerGets() throws Exception {
    peer.sends(
        MethodCall.of(new ObjectPath(PATH), new MemberName("Later"))
            .withBody(Body.of(STRING, "x"))
            .withSender(new BusName("org.freedesktop.DBus")));
    Invocation call = later.take();
    assertSame(connection, call.connection());
    assertEquals(Credentials.ofUid(ScriptedPeer.UID), call.connection().identity().orElseThrow());
    assertEquals(PATH, call.path().value());
    assertEquals("Later", call.member().value());
    assertEquals(List.of(new Value.Str("x")), call.arguments());
    assertEquals("x", call.reader().readString());
    assertEquals("org.freedesktop.DBus", call.message().sender().orElseThrow().value());
  }

  @Test
  @DisplayName("SEC-01 a call without an interface tells the interface that it is dispatched to")
  void dispatchedInterface() throws Exception {
    peer.sends(
        MethodCall.of(new ObjectPath(PATH), new MemberName("Later"))
            .withBody(Body.of(STRING, "x")));
    Invocation call = later.take();
    assertEquals(new InterfaceName(NAME), call.interfaceName());
    assertEquals(true, call.message().interfaceName().isEmpty());
  }

  @Test
  @DisplayName("CONN-15, INTRO-01 Ping without an interface is the object's own, else the peer's")
  void pingWithoutInterface() throws Exception {
    peer.sends(MethodCall.of(new ObjectPath(PATH), new MemberName("Ping")));
    assertEquals("mine", assertInstanceOf(MethodReturn.class, peer.receives()).body().read(STRING));
    peer.sends(MethodCall.of(new ObjectPath("/nowhere"), new MemberName("Ping")));
    assertEquals(true, assertInstanceOf(MethodReturn.class, peer.receives()).body().isEmpty());
  }

  @Test
  @DisplayName("CONN-21 arguments of the wrong types never reach the handler")
  void wrongArguments() throws Exception {
    peer.sends(call("Later", new Value.Int32(1)));
    assertEquals(ErrorName.INVALID_ARGS, error().errorName());
    peer.sends(call("Later", new Value.Str("x"), new Value.Str("y")));
    assertEquals(ErrorName.INVALID_ARGS, error().errorName());
    peer.sends(call("Later", new Value.Str("right")));
    assertEquals(List.of(new Value.Str("right")), later.take().arguments());
  }

  @Test
  @DisplayName("CONN-46 one interface stands on many connections, each of which ends it alone")
  void manyConnections() throws Exception {
    Interface one =
        Interface.named("com.example.One1")
            .method("Name", out("name", STRING), () -> "one")
            .build();
    ScriptedPeer other = new ScriptedPeer();
    DBusConnection.serverSide(other, Guid.random())
        .policy(AuthPolicy.sameUserAs(Credentials.ofUid(ScriptedPeer.UID)))
        .onAuthenticated(opened -> {
          var _ = opened.export(new ObjectPath("/one"), one);
          return true;
        })
        .start();
    other.authenticates();
    Export here = connection.export(new ObjectPath("/one"), one);
    for (ScriptedPeer each : List.of(peer, other)) {
      each.sends(ScriptedPeer.call("/one", "com.example.One1", "Name"));
      assertEquals(
          "one", assertInstanceOf(MethodReturn.class, each.receives()).body().read(STRING));
    }
    here.close();
    peer.sends(ScriptedPeer.call("/one", "com.example.One1", "Name"));
    assertEquals(ErrorName.UNKNOWN_OBJECT, error().errorName());
    other.sends(ScriptedPeer.call("/one", "com.example.One1", "Name"));
    assertInstanceOf(MethodReturn.class, other.receives());
  }

  @Test
  @DisplayName("CONN-49 a future answers when it is complete, or fails")
  void futures() throws Exception {
    peer.sends(call("Soon"));
    futures.take().complete(5);
    assertEquals(5, number());
    peer.sends(call("Next", new Value.Int32(2)));
    futures.take().complete(5);
    assertEquals(7, number());
    peer.sends(call("Sum", new Value.Int32(2), new Value.Int32(3)));
    assertEquals(5, number());
    peer.sends(call("Next", new Value.Int32(2)));
    futures
        .take()
        .completeExceptionally(new DBusErrorException(ErrorName.LIMITS_EXCEEDED, "no more"));
    ErrorMessage error = error();
    assertEquals(ErrorName.LIMITS_EXCEEDED, error.errorName());
    assertEquals("no more", error.text().orElseThrow());
  }

  @Test
  @DisplayName("CONN-49 a method that does not reply says so, and whoever waits is answered")
  void oneWay() throws Exception {
    peer.sends(call("Log", new Value.Str("x")));
    assertInstanceOf(MethodReturn.class, peer.receives());
    assertEquals(
        "true",
        export
            .interfaces()
            .getFirst()
            .info()
            .method(new MemberName("Log"))
            .orElseThrow()
            .annotations()
            .get(Annotations.NO_REPLY));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Interface.named(NAME)
                .method("Ask", out("text", STRING), () -> "")
                .annotateMethod("Ask", Annotations.NO_REPLY, "true"));
  }

  @Test
  @Timeout(60)
  @DisplayName("CONN-09 a call that the handler has forgotten is answered when it is garbage")
  void forgotten() throws Exception {
    peer.sends(call("Forget"));
    // The collector is asked again until it has run after the handler has returned.
    try (var collector = new ScheduledThreadPoolExecutor(1)) {
      var _ = collector.scheduleWithFixedDelay(System::gc, 0, 50, TimeUnit.MILLISECONDS);
      assertEquals(ErrorName.NO_REPLY, error().errorName());
      collector.shutdownNow();
    }
  }

  @Test
  @Timeout(60)
  @DisplayName("CONN-51 a filter that never returns holds up no other call that is forgotten")
  void forgottenBesideAFilterThatBlocks() throws Exception {
    CompletableFuture<Message> blocked = new CompletableFuture<>();
    CompletableFuture<Optional<Message>> dropped = new CompletableFuture<>();
    var _ =
        connection.addFilter((message, direction) -> {
          if (direction == Direction.INCOMING) {
            return Optional.of(message);
          }
          blocked.complete(message);
          return dropped.join();
        });
    ScriptedPeer other = new ScriptedPeer();
    var _ = other.served().objects(objects).start();
    other.authenticates();
    try (var collector = new ScheduledThreadPoolExecutor(1)) {
      var _ = collector.scheduleWithFixedDelay(System::gc, 0, 50, TimeUnit.MILLISECONDS);
      peer.sends(call("Forget"));
      assertInstanceOf(ErrorMessage.class, blocked.get());
      other.sends(call("Forget"));
      assertInstanceOf(ErrorMessage.class, other.receives());
      collector.shutdownNow();
    } finally {
      dropped.complete(Optional.empty());
    }
  }

  @Test
  @DisplayName("SEC-20 the answer to a call of an object that is gone still arrives")
  void unexported() throws Exception {
    peer.sends(call("Later", new Value.Str("x")));
    Invocation call = later.take();
    export.close();
    call.reply();
    assertInstanceOf(MethodReturn.class, peer.receives());
  }

  @Test
  @DisplayName("SEC-20, CONN-49 an answer after the end of the connection is dropped quietly")
  void closed() throws Exception {
    peer.sends(call("Later", new Value.Str("x")));
    Invocation call = later.take();
    connection.close(Duration.ZERO);
    call.reply();
    assertEquals(true, call.isAnswered());
    assertThrows(IllegalStateException.class, call::reply);
  }

  @Test
  @DisplayName("CONN-14 a reply of another type is InvalidArgs here, and the connection goes on")
  void typeOfTheReply() throws Exception {
    CompletableFuture<String> result =
        CompletableFuture.supplyAsync(() -> {
          try {
            return connection.call("/", "a.b", "C", Body.EMPTY, STRING);
          } catch (DBusErrorException e) {
            return e.getMessage();
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Message call = peer.receives();
    peer.sends(
        MethodReturn.to(assertInstanceOf(MethodCall.class, call)).withBody(Body.of(INT32, 1)));
    assertEquals(
        "org.freedesktop.DBus.Error.InvalidArgs: a.b.C at / returned \"i\", not \"s\"",
        result.get(30, TimeUnit.SECONDS));
    assertEquals(false, connection.isClosed());
  }
}
