package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UNIX_FD_INDEX;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.auth.HandshakeLimits;
import dbus.connection.CloseReason.Kind;
import dbus.connection.Meeting.Played;
import dbus.connection.transport.Transport;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The ways in which a connection can end.
///
/// Each makes a connection, brings it into some state, and ends it. What it returns completes when
/// the connection is over, and fails if it is over for another reason than the way is about.
final class Endings {

  /// Ends a connection in some way.
  @FunctionalInterface
  interface Ending {
    CompletionStage<?> at(Meeting meeting) throws Exception;
  }

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");
  private static final Duration FOREVER = Duration.ofDays(1000);
  private static final String PATH = "/com/example/Object";
  private static final String NAME = "com.example.Object1";

  /// Seen by all connections, from the first to the last.
  private final ObjectTree shared = new ObjectTree();

  private final Set<Invocation> unanswered = ConcurrentHashMap.newKeySet();
  private final Executor executor;
  private final Consumer<Object> made;

  /// @param executor where the handlers of some connections run; one thread
  /// @param made is told of each object that must not outlive its connection
  Endings(Executor executor, Consumer<Object> made) {
    this.executor = executor;
    this.made = made;
    var _ =
        shared.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Text", in("text", STRING), out("text", STRING), text -> text)
                .method("Never", List.of(), List.of(), unanswered::add)
                .method("Forget", List.of(), List.of(), call -> {})
                .method("Take", in("fd", UNIX_FD), fd -> fd.take().close())
                .method("Leave", in("fd", UNIX_FD), fd -> {})
                .method("Give", out("fd", UNIX_FD), () -> reader(UnixFd.pipe()))
                .signal("Counted", out("count", INT32))
                .property("Text", STRING, () -> "text")
                .build());
  }

  private static UnixFd reader(UnixFd.Pipe pipe) {
    pipe.writer().close();
    return pipe.reader();
  }

  /// Forgets the calls that were never answered, as nobody else does.
  void forgetUnanswered() {
    unanswered.clear();
  }

  /// Those that are possible over every transport, by name.
  Map<String, Ending> everywhere() {
    return Map.ofEntries(
        Map.entry("closed by the server", at -> closed(at, both -> both.server.close())),
        Map.entry("closed by the client", at -> closed(at, both -> both.client.close())),
        Map.entry("closed by both", at -> closed(at, Both::close)),
        Map.entry("refused", at -> refused(at, connection -> false)),
        Map.entry(
            "refused by an exception",
            at ->
                refused(
                    at,
                    connection -> {
                      throw new IllegalStateException("on purpose");
                    })),
        Map.entry("a handler runs when this side closes", this::closedWhileHandling),
        Map.entry("a handler runs when the peer leaves", this::leftWhileHandling),
        Map.entry("calls wait on both sides", this::waitingCalls),
        Map.entry("calls are queued for the executor", this::queuedForExecutor),
        Map.entry("more calls than may be in progress", this::parked),
        Map.entry("signals wait for their handler", this::waitingSignals),
        Map.entry("paused, and closed", this::pausedAndClosed),
        Map.entry("paused, and left by the peer", this::pausedAndLeft),
        Map.entry("a filter has failed", this::filterFailed),
        Map.entry("the peer does not read", this::notRead),
        Map.entry("left before the first byte", at -> brokenOff(at, "")),
        Map.entry("left in a line", at -> brokenOff(at, "\0AUTH EXT")),
        Map.entry("left after OK", at -> brokenOff(at, handshake().replace("BEGIN\r\n", ""))),
        Map.entry("stream ended in a line", at -> streamEnded(at, "\0AUTH EXT")),
        Map.entry("authentication fails", at -> notAuthenticated(at, "\0AUTH X\r\nBEGIN\r\n")),
        Map.entry("a line without end", at -> notAuthenticated(at, "\0" + "A".repeat(17_000))),
        Map.entry("silent until the deadline", this::silent),
        Map.entry("left in a header", at -> brokenOff(at, handshake() + begun(20))),
        Map.entry("left in a body", at -> brokenOff(at, handshake() + begun(-2))),
        Map.entry("stream ended in a body", at -> streamEnded(at, handshake() + begun(-2))),
        Map.entry("stream ended after a call", at -> streamEnded(at, handshake() + text(CALL))),
        Map.entry("reset with an answer unread", at -> brokenOff(at, handshake() + text(CALL))),
        Map.entry("an invalid message", this::invalid),
        Map.entry("the server leaves in a line", at -> badServer(at, "OK 01234")),
        Map.entry("the server says what is no answer", at -> badServer(at, "NONSENSE\r\n")));
  }

  /// Those with file descriptors.
  Map<String, Ending> withUnixFds() {
    return Map.of(
        "descriptors came, were read, and were left",
        this::unixFdsCame,
        "more descriptors than the limit",
        at -> unixFdsBeyondTheLimit(),
        "descriptors of a message that is not complete",
        at -> unixFdsHeld(),
        "descriptors that no message declares",
        at -> unixFdsUndeclared(),
        "descriptors in the socket of a paused connection",
        at -> unixFdsUnread(),
        "descriptors in an answer that nobody reads",
        at -> unixFdsAnswered(),
        "descriptors that wait to be sent",
        at -> unixFdsQueued());
  }

  // What they have in common.

  private static final MethodCall CALL = call("Text").withBody(Body.of(STRING, "hello"));

  private static MethodCall call(String member) {
    return MethodCall.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName(member));
  }

  private static String handshake() {
    long uid = Credentials.ofThisProcess().uid().orElseThrow();
    return "\0AUTH EXTERNAL "
        + HexFormat.of().formatHex(Long.toString(uid).getBytes(ISO_8859_1))
        + "\r\nBEGIN\r\n";
  }

  private static String text(Message message) {
    return new String(MessageEncoder.encode(message, 1, ByteOrder.nativeOrder()), ISO_8859_1);
  }

  /// The beginning of a message.
  ///
  /// @param count of its bytes; if negative, all but so many
  private static String begun(int count) {
    String all = text(CALL);
    return all.substring(0, count < 0 ? all.length() + count : count);
  }

  private ServerSide server(Transport transport) {
    made.accept(transport);
    return DBusConnection.serverSide(transport, GUID)
        .policy(AuthPolicy.sameUser())
        .objects(shared)
        .onAuthenticated(connection -> {
          made.accept(connection);
          return true;
        });
  }

  /// Both sides are of this library.
  private record Both(DBusConnection client, DBusConnection server) {

    void close() {
      client.close(Duration.ZERO);
      server.close(Duration.ZERO);
    }

    CompletionStage<?> over() {
      return client.closed().thenCombine(server.closed(), (one, other) -> one);
    }
  }

  private Both both(
      Meeting at, UnaryOperator<ServerSide> ofServer, UnaryOperator<ClientSide> ofClient)
      throws Exception {
    TransportPair pair = at.ours();
    made.accept(pair.client());
    CompletableFuture<DBusConnection> serving = ofServer.apply(server(pair.server())).accept();
    DBusConnection client = ofClient.apply(DBusConnection.clientSide(pair.client())).connect();
    made.accept(client);
    return new Both(client, serving.get(30, TimeUnit.SECONDS));
  }

  private Both both(Meeting at) throws Exception {
    return both(at, side -> side, side -> side);
  }

  private static CompletionStage<?> endsBy(CompletionStage<CloseReason> over, Set<Kind> kinds) {
    return over.thenAccept(
        reason -> assertEquals(Set.of(), kinds.contains(reason.kind()) ? Set.of() : reason));
  }

  // By one side or the other.

  private CompletionStage<?> closed(Meeting at, Consumer<Both> end) throws Exception {
    Both both = both(at);
    assertEquals("x", both.client.call(PATH, NAME, "Text", Body.of(STRING, "x"), STRING));
    end.accept(both);
    return both.over();
  }

  private CompletionStage<?> refused(Meeting at, Predicate<DBusConnection> claim) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).onAuthenticated(claim).start();
    played.sends(handshake());
    return endsBy(over, Set.of(Kind.REFUSED)).thenRun(closing(played));
  }

  private static Runnable closing(Played played) {
    return () -> {
      try {
        played.leaves();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    };
  }

  // In the middle of something.

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
    var _ = both.server.export(new ObjectPath("/blocking"), blocking.asInterface());
    var _ = blocking.begin(both.client);
    both.server.close();
    blocking.ends.complete(null);
    return both.over();
  }

  private CompletionStage<?> leftWhileHandling(Meeting at) throws Exception {
    Blocking blocking = new Blocking();
    Both both = both(at);
    var _ = both.server.export(new ObjectPath("/blocking"), blocking.asInterface());
    var _ = blocking.begin(both.client);
    both.client.close();
    blocking.ends.complete(null);
    return both.over();
  }

  private CompletionStage<?> waitingCalls(Meeting at) throws Exception {
    Both both = both(at, side -> side, side -> side.export(PATH, neverAnswering()));
    CompletableFuture<?> asked = both.client.callAsync(call("Never"), FOREVER);
    CompletableFuture<?> back = both.server.callAsync(call("Never"), FOREVER);
    var _ = both.client.callAsync(call("Forget"), FOREVER);
    var _ = both.client.callAsync(call("Never"), Duration.ofHours(1)).cancel(true);
    // So they have come.
    assertEquals("x", both.client.call(PATH, NAME, "Text", Body.of(STRING, "x"), STRING));
    both.close();
    return both.over()
        .thenCombine(asked.handle((reply, failure) -> failure), (over, failure) -> failure)
        .thenCombine(back.handle((reply, failure) -> failure), List::of);
  }

  private Interface neverAnswering() {
    return Interface.named(NAME).method("Never", List.of(), List.of(), unanswered::add).build();
  }

  private CompletionStage<?> queuedForExecutor(Meeting at) throws Exception {
    Blocking blocking = new Blocking();
    Both both = both(at, side -> side.executor(executor), side -> side.executor(executor));
    var _ = both.server.export(new ObjectPath("/blocking"), blocking.asInterface());
    var _ = blocking.begin(both.client);
    for (int i = 0; i < 3; i++) {
      var _ = both.client.callAsync(CALL, FOREVER);
    }
    both.client.close();
    blocking.ends.complete(null);
    return both.over();
  }

  private CompletionStage<?> parked(Meeting at) throws Exception {
    Both both = both(at);
    for (int i = 0; i < ConnectionLimits.DEFAULT_CALLS_IN_PROGRESS + 2; i++) {
      var _ = both.client.callAsync(call("Never"), FOREVER);
    }
    both.client.close();
    both.server.close();
    return both.over();
  }

  private CompletionStage<?> waitingSignals(Meeting at) throws Exception {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    Both both = both(at);
    var _ =
        both.server.subscribe(
            SignalMatch.all(),
            signal -> {
              first.complete(null);
              goOn.join();
            });
    for (int i = 0; i < 5; i++) {
      both.client.emit(PATH, NAME, "Counted", Body.of(INT32, i));
    }
    first.get(30, TimeUnit.SECONDS);
    both.server.close();
    goOn.complete(null);
    return both.over();
  }

  private CompletionStage<?> pausedAndClosed(Meeting at) throws Exception {
    Both both = both(at, ServerSide::paused, ClientSide::paused);
    var _ = both.client.callAsync(CALL, FOREVER);
    both.close();
    return both.over();
  }

  private CompletionStage<?> pausedAndLeft(Meeting at) throws Exception {
    Both both = both(at, ServerSide::paused, side -> side);
    var _ = both.client.callAsync(CALL, FOREVER);
    both.client.close();
    both.server.start();
    return both.over();
  }

  private CompletionStage<?> filterFailed(Meeting at) throws Exception {
    Both both = both(at);
    var _ =
        both.server.addFilter((message, direction) -> {
          throw new IllegalStateException("on purpose");
        });
    return both.client
        .callAsync(CALL, FOREVER)
        .handle((reply, failure) -> failure)
        .thenCompose(failure -> {
          both.client.close();
          return both.over();
        });
  }

  /// More waits than the transport holds, so that a thread is stuck in writing.
  private CompletionStage<?> notRead(Meeting at) throws Exception {
    Both both = both(at, side -> side, ClientSide::paused);
    for (int i = 0; i < 4; i++) {
      var _ =
          both.server.callAsync(
              call("Text").withBody(Body.of(STRING, "x".repeat(200_000))), FOREVER);
    }
    both.server.close(Duration.ZERO);
    both.client.start();
    return both.over();
  }

  // By a peer that does as it likes.

  private CompletionStage<?> brokenOff(Meeting at, String said) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).start();
    played.sends(said);
    played.leaves();
    return endsBy(over, Set.of(Kind.NOT_AUTHENTICATED, Kind.REMOTE, Kind.BROKEN));
  }

  private CompletionStage<?> streamEnded(Meeting at, String said) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).start();
    played.sends(said);
    played.endsItsStream();
    return endsBy(over, Set.of(Kind.NOT_AUTHENTICATED, Kind.REMOTE, Kind.BROKEN))
        .thenRun(closing(played));
  }

  private CompletionStage<?> notAuthenticated(Meeting at, String said) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).start();
    played.sends(said);
    return endsBy(over, Set.of(Kind.NOT_AUTHENTICATED)).thenRun(closing(played));
  }

  private CompletionStage<?> silent(Meeting at) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over =
        server(played.side())
            .handshakeLimits(HandshakeLimits.DEFAULT.withTimeLimit(Duration.ofMillis(5)))
            .start();
    return endsBy(over, Set.of(Kind.NOT_AUTHENTICATED)).thenRun(closing(played));
  }

  private CompletionStage<?> invalid(Meeting at) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).start();
    played.sends(handshake() + "this is no message at all");
    return endsBy(over, Set.of(Kind.INVALID_MESSAGE)).thenRun(closing(played));
  }

  private CompletionStage<?> badServer(Meeting at, String said) throws Exception {
    Played played = at.played();
    made.accept(played.side());
    played.sends(said);
    played.endsItsStream();
    CompletableFuture<Void> failed = new CompletableFuture<>();
    try {
      DBusConnection.clientSide(played.side()).connect().close();
      failed.completeExceptionally(new AssertionError("it has connected"));
    } catch (ConnectException e) {
      failed.complete(null);
    }
    played.leaves();
    return failed;
  }

  // With file descriptors, over sockets of junixsocket.

  private CompletionStage<?> unixFdsCame(Meeting at) throws Exception {
    Both both = both(at);
    for (String member : List.of("Take", "Leave", "Unknown")) {
      var _ =
          both.client.callAsync(
              call(member).withBody(Body.of(UNIX_FD, reader(UnixFd.pipe()))), FOREVER);
    }
    return both.client
        .callAsync(call("Give"), FOREVER)
        .thenCompose(reply -> {
          reply.body().unixFds().close();
          both.client.close();
          return both.over();
        });
  }

  private interface Playing {
    void play(RawPeer peer, UnixFd fd) throws Exception;
  }

  private CompletionStage<?> rawPeer(UnaryOperator<ServerSide> options, Playing playing)
      throws Exception {
    try (RawPeer peer = new RawPeer();
        UnixFd fd = reader(UnixFd.pipe())) {
      CompletionStage<CloseReason> over = options.apply(server(peer.transport())).start();
      playing.play(peer, fd);
      return over;
    }
  }

  private static byte[] leave(RawPeer peer) {
    return peer.bytesOf(call("Leave").withBody(Body.of(UNIX_FD_INDEX, 0)).withUnixFds(1));
  }

  private CompletionStage<?> unixFdsHeld() throws Exception {
    return rawPeer(
        side -> side,
        (peer, fd) -> {
          peer.authenticates();
          peer.sends(Arrays.copyOf(leave(peer), 20), fd);
        });
  }

  private CompletionStage<?> unixFdsBeyondTheLimit() throws Exception {
    return rawPeer(
        side -> side,
        (peer, fd) -> {
          peer.authenticates();
          UnixFd[] many = new UnixFd[61];
          Arrays.fill(many, fd);
          peer.sends(peer.bytesOf(call("Leave").withUnixFds(many.length)), many);
        });
  }

  private CompletionStage<?> unixFdsUndeclared() throws Exception {
    return rawPeer(
        side -> side,
        (peer, fd) -> {
          peer.authenticates();
          peer.sends(peer.bytesOf(CALL), fd, fd);
        });
  }

  private CompletionStage<?> unixFdsUnread() throws Exception {
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    return rawPeer(
        side -> side.paused().onAuthenticated(opened::complete),
        (peer, fd) -> {
          peer.sends(RawPeer.HANDSHAKE);
          peer.sends(leave(peer), fd);
          peer.sends(leave(peer), fd);
          DBusConnection connection = opened.get(30, TimeUnit.SECONDS);
          made.accept(connection);
          connection.close();
        });
  }

  private CompletionStage<?> unixFdsAnswered() throws Exception {
    return rawPeer(
        side -> side,
        (peer, fd) -> {
          peer.authenticates();
          peer.sends(RawPeer.bytes(peer.bytesOf(call("Give")), peer.bytesOf(CALL)));
          peer.endsItsStream();
        });
  }

  private CompletionStage<?> unixFdsQueued() throws Exception {
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    return rawPeer(
        side -> side.onAuthenticated(opened::complete),
        (peer, fd) -> {
          peer.authenticates();
          DBusConnection connection = opened.get(30, TimeUnit.SECONDS);
          made.accept(connection);
          String big = "x".repeat(300_000);
          for (int i = 0; i < 3; i++) {
            var _ = connection.callAsync(call("Text").withBody(Body.of(STRING, big)), FOREVER);
            var _ =
                connection.callAsync(
                    call("Leave").withBody(Body.of(UNIX_FD, fd.duplicate())), FOREVER);
          }
          connection.close(Duration.ZERO);
        });
  }
}
