package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.AuthObserver;
import dbus.auth.AuthPolicy;
import dbus.auth.HandshakeLimits;
import dbus.auth.PeerInfo;
import dbus.connection.CloseReason.Kind;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MemberName;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The server's side of a connection, from the first byte to the last.
class ServerSideTest {

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");
  private static final String PATH = "/com/example/Greeter";
  private static final String NAME = "com.example.Greeter1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final BlockingQueue<Invocation> later = new LinkedBlockingQueue<>();

  {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Greet", in("name", STRING), out("greeting", STRING), n -> "Hello, " + n)
                .method("Wait", () -> gate.await())
                .method("Later", List.of(), List.of(out("number", INT32)), later::add)
                .method(
                    "Tick",
                    List.of(),
                    List.of(),
                    call -> {
                      call.emit("Ticked", Body.of(INT32, 1));
                      call.emit("Ticked", Body.of(INT32, 2));
                      call.reply();
                    })
                .signal("Ticked", out("count", INT32))
                .method("Break", () -> List.of().getFirst())
                .method("Both", out("text", STRING), () -> "1")
                .build(),
            Interface.named("com.example.Other1")
                .method("Both", out("text", STRING), () -> "2")
                .build());
  }

  private ServerSide serving() {
    return peer.served(GUID).objects(objects);
  }

  private static CloseReason end(CompletionStage<CloseReason> over) {
    return over.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static MethodCall greet(String name) {
    return ScriptedPeer.call(PATH, NAME, "Greet").withBody(Body.of(STRING, name));
  }

  private String greeting() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives()).body().read(STRING);
  }

  private ErrorMessage error() throws Exception {
    return assertInstanceOf(ErrorMessage.class, peer.receives());
  }

  @Test
  @DisplayName("AUTH-12, AUTH-13 a call in the same packet as the whole handshake is answered")
  void pipelinedCall() throws Exception {
    serving().start();
    byte[] handshake = ScriptedPeer.handshake().getBytes(StandardCharsets.US_ASCII);
    peer.sends(handshake, peer.bytesOf(greet("you")));
    assertEquals("OK " + GUID + "\r\n", peer.receivesText());
    assertEquals("Hello, you", greeting());
  }

  @Test
  void aCallThatComesByteByByteIsAnswered() throws Exception {
    serving().start();
    peer.authenticates();
    for (byte one : peer.bytesOf(greet("you"))) {
      peer.sends(new byte[] {one});
    }
    assertEquals("Hello, you", greeting());
  }

  @Test
  @DisplayName("AUTH-27 descriptors are refused with a bare ERROR where they cannot travel")
  void descriptorsAreRefusedTruthfully() {
    serving().start();
    peer.sends(ScriptedPeer.handshake().replace("BEGIN\r\n", "NEGOTIATE_UNIX_FD\r\n"));
    assertEquals("OK " + GUID + "\r\nERROR\r\n", peer.receivesText());
  }

  @Test
  @DisplayName(
      "SERV-11 what is exported in the handler of new connections is there for the first call")
  void handlerOfNewConnectionsComesFirst() throws Exception {
    serving()
        .onAuthenticated(connection -> {
          var _ =
              connection.export(
                  new ObjectPath("/own"),
                  Interface.named("com.example.Own1")
                      .method("Uid", out("uid", STRING), () -> connection.identity().toString())
                      .build());
          return true;
        })
        .start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call("/own", "com.example.Own1", "Uid"));
    assertTrue(greeting().contains("uid 4711"));
  }

  @Test
  @DisplayName("SERV-10 a connection that nobody claims is closed")
  void unclaimed() {
    CompletionStage<CloseReason> over = serving().onAuthenticated(connection -> false).start();
    peer.sends(ScriptedPeer.handshake());
    assertEquals(Kind.REFUSED, end(over).kind());
    assertTrue(peer.isClosed());
  }

  @Test
  @DisplayName("SERV-12 a connection whose handler throws is closed")
  void handlerOfNewConnectionsThrows() {
    CompletionStage<CloseReason> over =
        serving()
            .onAuthenticated(connection -> {
              throw new IllegalStateException("on purpose");
            })
            .start();
    peer.sends(ScriptedPeer.handshake());
    assertEquals(Kind.REFUSED, end(over).kind());
    assertTrue(peer.isClosed());
  }

  @Test
  @DisplayName("AUTH-25 a peer that leaves in the handshake never becomes a connection")
  void leavesInTheHandshake() {
    AtomicReference<DBusConnection> seen = new AtomicReference<>();
    CompletionStage<CloseReason> over =
        serving()
            .onAuthenticated(connection -> {
              seen.set(connection);
              return true;
            })
            .start();
    peer.sends("\0AUTH");
    peer.endsItsStream();
    assertEquals(Kind.NOT_AUTHENTICATED, end(over).kind());
    assertEquals(null, seen.get());
    assertTrue(peer.isClosed());
  }

  @Test
  @DisplayName("AUTH-57 an observer that thinks for too long has said no")
  void theObserverThinksForTooLong() {
    AtomicReference<DBusConnection> seen = new AtomicReference<>();
    CompletableFuture<CloseReason> over = new CompletableFuture<>();
    AuthObserver slow =
        new AuthObserver() {
          @Override
          public boolean authorize(PeerInfo info) {
            over.orTimeout(30, TimeUnit.SECONDS).join();
            return true;
          }
        };
    serving()
        .policy(AuthPolicy.anyUser().observedBy(slow))
        .handshakeLimits(HandshakeLimits.DEFAULT.withTimeLimit(Duration.ofMillis(50)))
        .onAuthenticated(connection -> {
          seen.set(connection);
          return true;
        })
        .start()
        .thenAccept(over::complete);

    peer.sends(ScriptedPeer.handshake());

    assertTrue(over.join().detail().startsWith("TIMED_OUT"), over.join()::toString);
    assertEquals(null, seen.get());
    assertThrows(NoSuchElementException.class, peer::receivesText, "the peer heard of it");
  }

  @Test
  @DisplayName("AUTH-24 the time of the handshake is limited, and bytes that come do not extend it")
  void tooLateForTheHandshake() throws Exception {
    CompletableFuture<CloseReason> over =
        serving()
            .handshakeLimits(HandshakeLimits.DEFAULT.withTimeLimit(Duration.ofMillis(100)))
            .start()
            .toCompletableFuture();
    peer.sends("\0");
    // Were the time counted from the last byte, these would keep it from passing for long enough.
    for (int i = 0; i < 2_000 && !over.isDone(); i++) {
      peer.sends("A");
      try {
        over.get(10, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        // The next byte.
      }
    }
    assertTrue(over.isDone());
    assertEquals(Kind.NOT_AUTHENTICATED, over.join().kind());
    assertTrue(over.join().detail().startsWith("TIMED_OUT"), over.join()::toString);
    assertTrue(peer.isClosed());
  }

  @Test
  @DisplayName("CONN-16 what is not there has an error of its own")
  void whatIsNotThere() throws Exception {
    serving().start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call("/nowhere", NAME, "Greet"));
    assertEquals(ErrorName.UNKNOWN_OBJECT, error().errorName());
    peer.sends(ScriptedPeer.call(PATH, "com.example.None1", "Greet"));
    assertEquals(ErrorName.UNKNOWN_INTERFACE, error().errorName());
    peer.sends(ScriptedPeer.call(PATH, NAME, "None"));
    assertEquals(ErrorName.UNKNOWN_METHOD, error().errorName());
    peer.sends(ScriptedPeer.call(PATH, NAME, "Greet"));
    assertEquals(ErrorName.INVALID_ARGS, error().errorName());
  }

  @Test
  @DisplayName("CONN-02 Hello gets the ordinary error, and the connection goes on")
  void hello() throws Exception {
    serving().start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call("/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello"));
    assertEquals(ErrorName.UNKNOWN_OBJECT, error().errorName());
    peer.sends(greet("you"));
    assertEquals("Hello, you", greeting());
  }

  @Test
  @DisplayName(
      "CONN-15 without an interface the one that has the member is called; of several, none")
  void withoutInterface() throws Exception {
    serving().start();
    peer.authenticates();
    peer.sends(
        MethodCall.of(new ObjectPath(PATH), new MemberName("Greet"))
            .withBody(Body.of(STRING, "you")));
    assertEquals("Hello, you", greeting());
    peer.sends(MethodCall.of(new ObjectPath(PATH), new MemberName("Both")));
    assertEquals(ErrorName.UNKNOWN_METHOD, error().errorName());
  }

  @Test
  @DisplayName(
      "CONN-08 nothing is sent to a caller that wants no reply, be it a return or an error")
  void noReply() throws Exception {
    // On the reading thread, so that a reply that should not be would come before the last.
    serving().executor(Runnable::run).start();
    peer.authenticates();
    for (String member : List.of("Greet", "None", "Break")) {
      peer.sends(
          ScriptedPeer.call(PATH, NAME, member)
              .withBody(member.equals("Greet") ? Body.of(STRING, "you") : Body.EMPTY)
              .withFlags(MessageFlag.NO_REPLY_EXPECTED));
    }
    peer.sends(
        ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping")
            .withFlags(MessageFlag.NO_REPLY_EXPECTED));
    peer.sends(greet("me"));
    assertEquals("Hello, me", greeting());
  }

  @Test
  @DisplayName("CONN-19 what a handler throws reaches the peer as a name and a text")
  void handlerThrows() throws Exception {
    serving().start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call(PATH, NAME, "Break"));
    ErrorMessage error = error();
    assertEquals(ErrorName.FAILED, error.errorName());
    assertFalse(error.text().orElse("").contains("Exception"), () -> error.text().toString());
  }

  @Test
  @DisplayName("CONN-24, CONN-54, INTRO-01 a handler that waits holds up later calls, but not Ping")
  void slowHandler() throws Exception {
    serving().start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call(PATH, NAME, "Wait"));
    peer.sends(greet("you"));
    peer.sends(ScriptedPeer.call("/any/path", "org.freedesktop.DBus.Peer", "Ping"));
    assertEquals(3, assertInstanceOf(MethodReturn.class, peer.receives()).replySerial());
    assertTrue(peer.hasHeardAll());
    gate.countDown();
    assertEquals(1, assertInstanceOf(MethodReturn.class, peer.receives()).replySerial());
    assertEquals("Hello, you", greeting());
  }

  @Test
  @DisplayName("CONN-49 an answer may come later, from any thread, and only once")
  void answersLater() throws Exception {
    serving().start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call(PATH, NAME, "Later"));
    Invocation call = later.take();
    assertThrows(IllegalArgumentException.class, () -> call.reply(Body.of(STRING, "no number")));
    call.reply(Body.of(INT32, 5));
    assertThrows(IllegalStateException.class, () -> call.reply(Body.of(INT32, 6)));
    assertEquals(5, assertInstanceOf(MethodReturn.class, peer.receives()).body().read(INT32));
  }

  @Test
  @DisplayName("CONN-25 what a handler emits before its reply arrives before it, in order")
  void signalsBeforeTheReply() throws Exception {
    serving().start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call(PATH, NAME, "Tick"));
    for (int count = 1; count <= 2; count++) {
      Signal signal = assertInstanceOf(Signal.class, peer.receives());
      assertEquals(PATH, signal.path().value());
      assertEquals(count, signal.body().read(INT32));
    }
    assertInstanceOf(MethodReturn.class, peer.receives());
  }

  @Test
  @DisplayName("CONN-13, INTRO-01 at the limit of calls in progress, Ping is still answered")
  void limitOfCalls() throws Exception {
    serving().start();
    peer.authenticates();
    for (int i = 0; i < ConnectionLimits.DEFAULT_CALLS_IN_PROGRESS; i++) {
      peer.sends(ScriptedPeer.call(PATH, NAME, "Wait"));
    }
    peer.sends(ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping"));
    assertEquals(
        ConnectionLimits.DEFAULT_CALLS_IN_PROGRESS + 1,
        assertInstanceOf(MethodReturn.class, peer.receives()).replySerial());
    gate.countDown();
  }

  @Test
  @DisplayName("CONN-45 a call that waits for a thread while its object is taken away is not run")
  void takenAwayWhileWaiting() throws Exception {
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    serving().executor(tasks::add).start();
    peer.authenticates();
    Export gone =
        objects.export(
            new ObjectPath("/gone"),
            Interface.named("com.example.Gone1").method("Go", () -> gate.countDown()).build());
    peer.sends(ScriptedPeer.call("/gone", "com.example.Gone1", "Go"));
    gone.close();
    tasks.remove().run();
    assertEquals(ErrorName.UNKNOWN_OBJECT, error().errorName());
    assertEquals(1, gate.getCount());
  }

  @Test
  void aHandlerThatIsInterruptedIsAnsweredAndTheConnectionGoesOn() throws Exception {
    serving()
        .executor(task -> {
          Thread.currentThread().interrupt();
          task.run();
          assertTrue(Thread.interrupted(), "the interrupt is kept for whoever runs the task");
        })
        .start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call(PATH, NAME, "Wait"));
    assertEquals(ErrorName.FAILED, error().errorName());
    peer.sends(greet("you"));
    assertEquals("Hello, you", greeting());
  }

  @Test
  void anExecutorThatTakesNothingIsTheCallersError() throws Exception {
    serving()
        .executor(task -> {
          throw new RejectedExecutionException("on purpose");
        })
        .start();
    peer.authenticates();
    for (int i = 0; i <= ConnectionLimits.DEFAULT_CALLS_IN_PROGRESS; i++) {
      peer.sends(greet("you"));
      assertEquals(ErrorName.LIMITS_EXCEEDED, error().errorName());
    }
  }

  @Test
  void anErrorInTheHandlerOfNewConnectionsClosesTheConnection() {
    CompletionStage<CloseReason> over =
        serving()
            .onAuthenticated(connection -> {
              throw new AssertionError("on purpose");
            })
            .start();
    peer.sends(ScriptedPeer.handshake());
    assertEquals(Kind.REFUSED, end(over).kind());
    assertTrue(peer.isClosed());
  }

  @Test
  @DisplayName("CONN-35 a peer that ends its sending side still gets the answers to its calls")
  void halfClose() throws Exception {
    CompletionStage<CloseReason> over = serving().start();
    peer.authenticates();
    peer.sends(ScriptedPeer.call(PATH, NAME, "Wait"));
    peer.endsItsStream();
    assertFalse(peer.isClosed());
    gate.countDown();
    assertEquals(1, assertInstanceOf(MethodReturn.class, peer.receives()).replySerial());
    assertEquals(Kind.REMOTE, end(over).kind());
    assertTrue(peer.isClosed());
  }

  @Test
  @DisplayName(
      "MSG-31, MSG-32 what comes before an invalid message counts, what comes after does not")
  void invalidMessage() throws Exception {
    CompletionStage<CloseReason> over = serving().start();
    peer.authenticates();
    MethodCall ping = ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping");
    byte[] good = peer.bytesOf(ping);
    byte[] bad = peer.bytesOf(ping);
    bad[3] = 2; // protocol version
    peer.sends(good, bad, peer.bytesOf(ping));
    assertEquals(1, assertInstanceOf(MethodReturn.class, peer.receives()).replySerial());
    CloseReason reason = end(over);
    assertEquals(Kind.INVALID_MESSAGE, reason.kind());
    assertTrue(reason.remoteVanished());
    assertTrue(peer.isClosed());
  }

  @Test
  @DisplayName("CONN-31, CONN-33, CONN-38 closing is said once, and nothing can be sent after it")
  void closing() throws Exception {
    AtomicReference<DBusConnection> connection = new AtomicReference<>();
    CompletionStage<CloseReason> over =
        serving()
            .onAuthenticated(opened -> {
              connection.set(opened);
              return true;
            })
            .start();
    peer.authenticates();
    connection.get().close();
    connection.get().close();
    assertEquals(Kind.LOCAL, end(over).kind());
    assertFalse(end(over).remoteVanished());
    assertTrue(connection.get().isClosed());
    assertThrows(IOException.class, () -> connection.get().send(greet("you")));
  }
}
