package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UNIX_FD_INDEX;
import static dbus.wire.Codec.listOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.Transport;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.io.FileOutputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A connection with a peer over a real socket, a pipe whose writing end is sent over it, and an
/// object with methods that take and give file descriptors.
abstract class UnixFdScene {

  static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  /// What junixsocket cannot do; these are left out where the tests run without native access.
  static final String NATIVE_ACCESS = "native-access";

  static final String PATH = "/com/example/Files";
  static final String NAME = "com.example.Files1";

  final BlockingQueue<UnixFd> kept = new LinkedBlockingQueue<>();
  final BlockingQueue<Invocation> later = new LinkedBlockingQueue<>();
  final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();

  RawPeer peer;
  TracedPipe pipe;

  final Interface files =
      Interface.named(NAME)
          .method("Hello", in("to", UNIX_FD), fd -> say(fd, "hello"))
          .method("Keep", in("fd", UNIX_FD), fd -> kept.add(fd.take()))
          .method("Forward", in("fd", UNIX_FD), out("fd", UNIX_FD), fd -> fd)
          .method("Count", in("fds", listOf(UNIX_FD)), out("count", INT32), List::size)
          .method("Later", List.of(in("fd", UNIX_FD)), List.of(), later::add)
          .method(
              "Fail",
              in("fd", UNIX_FD),
              fd -> {
                throw new DBusErrorException(ErrorName.FAILED, "on purpose");
              })
          .method("Give", out("fd", UNIX_FD), () -> pipe.writer().duplicate())
          .method(
              "GiveMany",
              in("count", INT32),
              out("fds", listOf(UNIX_FD)),
              count -> copies(pipe.writer(), count))
          .method("Text", out("text", STRING), () -> "text")
          .method("Wrong", List.of(), List.of(out("fd", UNIX_FD)), this::answerWrongly)
          .build();

  static void say(UnixFd to, String text) throws Exception {
    try (FileOutputStream out = to.outputStream()) {
      out.write(text.getBytes(UTF_8));
    }
  }

  static List<UnixFd> copies(UnixFd fd, int count) throws Exception {
    UnixFd[] copies = new UnixFd[count];
    for (int i = 0; i < count; i++) {
      copies[i] = fd.duplicate();
    }
    return List.of(copies);
  }

  void answerWrongly(Invocation call) throws Exception {
    call.reply(Body.of(listOf(UNIX_FD), List.of(pipe.writer().duplicate())));
  }

  @BeforeEach
  final void open() throws Exception {
    peer = new RawPeer();
    pipe = new TracedPipe();
  }

  @AfterEach
  final void close() throws Exception {
    peer.close();
    pipe.close();
  }

  CompletionStage<CloseReason> serve() {
    return serve(side -> side);
  }

  CompletionStage<CloseReason> serve(UnaryOperator<ServerSide> options) {
    return serve(peer.transport(), options);
  }

  CompletionStage<CloseReason> serve(Transport transport, UnaryOperator<ServerSide> options) {
    ServerSide side =
        DBusConnection.serverSide(transport, GUID)
            .policy(AuthPolicy.sameUser())
            .onAuthenticated(connection -> {
              var _ = connection.export(new ObjectPath(PATH), files);
              opened.complete(connection);
              return true;
            });
    return options.apply(side).start();
  }

  static CloseReason end(CompletionStage<CloseReason> over) {
    return over.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  static MethodCall call(String member) {
    return MethodCall.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName(member));
  }

  /// A call whose argument is the first of its descriptors.
  static MethodCall callWithOne(String member) {
    return call(member).withBody(Body.of(UNIX_FD_INDEX, 0)).withUnixFds(1);
  }

  MethodReturn reply() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives());
  }

  ErrorName error() throws Exception {
    return assertInstanceOf(ErrorMessage.class, peer.receives()).errorName();
  }

  void refused(CompletionStage<CloseReason> over) throws Exception {
    assertEquals(Kind.INVALID_MESSAGE, end(over).kind());
    peer.seesTheEnd();
    pipe.isClosedEverywhere();
  }

  Body withCopies(int count) {
    try {
      return Body.of(listOf(UNIX_FD), copies(pipe.writer(), count));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
