package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.connection.transport.Transport;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Ways in which a connection can end.
///
/// Each makes a connection, brings it into some state, and ends it. What it returns completes when
/// the connection is over, and fails if it is over for another reason than the way is about.
abstract class Endings {

  /// Ends a connection in some way.
  @FunctionalInterface
  interface Ending {
    CompletionStage<?> at(Meeting meeting) throws Exception;
  }

  static final Duration FOREVER = Duration.ofDays(1000);
  static final String PATH = "/com/example/Object";
  static final String NAME = "com.example.Object1";
  static final MethodCall CALL = call("Text").withBody(Body.of(STRING, "hello"));

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  /// Seen by all connections, from the first to the last.
  private final ObjectTree shared = new ObjectTree();

  private final Set<Invocation> unanswered = ConcurrentHashMap.newKeySet();
  private final Consumer<Object> made;

  /// @param made is told of each object that must not outlive its connection
  Endings(Consumer<Object> made) {
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

  /// All the ways, by name.
  abstract Map<String, Ending> byName();

  static UnixFd reader(UnixFd.Pipe pipe) {
    pipe.writer().close();
    return pipe.reader();
  }

  static MethodCall call(String member) {
    return MethodCall.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName(member));
  }

  /// Forgets the calls that were never answered, as nobody else does.
  void forgetUnanswered() {
    unanswered.clear();
  }

  Interface neverAnswering() {
    return Interface.named(NAME).method("Never", List.of(), List.of(), unanswered::add).build();
  }

  /// This one must not outlive its connection.
  void made(Object object) {
    made.accept(object);
  }

  ServerSide server(Transport transport) {
    made(transport);
    return DBusConnection.serverSide(transport, GUID)
        .policy(AuthPolicy.sameUser())
        .objects(shared)
        .onAuthenticated(connection -> {
          made(connection);
          return true;
        });
  }

  /// Both sides are of this library.
  record Both(DBusConnection client, DBusConnection server) {

    void close() {
      client.close(Duration.ZERO);
      server.close(Duration.ZERO);
    }

    CompletionStage<?> over() {
      return client.closed().thenCombine(server.closed(), (one, other) -> one);
    }
  }

  Both both(Meeting at, UnaryOperator<ServerSide> ofServer, UnaryOperator<ClientSide> ofClient)
      throws Exception {
    TransportPair pair = at.ours();
    made(pair.client());
    CompletableFuture<DBusConnection> serving = ofServer.apply(server(pair.server())).accept();
    DBusConnection client = ofClient.apply(DBusConnection.clientSide(pair.client())).connect();
    made(client);
    return new Both(client, serving.get(30, TimeUnit.SECONDS));
  }

  Both both(Meeting at) throws Exception {
    return both(at, side -> side, side -> side);
  }
}
