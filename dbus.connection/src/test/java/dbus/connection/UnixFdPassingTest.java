package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UNIX_FD_INDEX;
import static dbus.wire.Codec.listOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.CloseReason.Kind;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixFdsRefusedException;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Signature;
import dbus.wire.UnixFds;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// File descriptors on a real socket: whose they are, and that none is left open, whatever happens.
class UnixFdPassingTest {

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  /// What junixsocket cannot do; these are left out where the tests run without native access.
  private static final String NATIVE_ACCESS = "native-access";

  private static final String PATH = "/com/example/Files";
  private static final String NAME = "com.example.Files1";

  private final BlockingQueue<UnixFd> kept = new LinkedBlockingQueue<>();
  private final BlockingQueue<Invocation> later = new LinkedBlockingQueue<>();
  private final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();

  private RawPeer peer;
  private TracedPipe pipe;

  private final Interface files =
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

  private static void say(UnixFd to, String text) throws Exception {
    try (FileOutputStream out = to.outputStream()) {
      out.write(text.getBytes(UTF_8));
    }
  }

  private static List<UnixFd> copies(UnixFd fd, int count) throws Exception {
    UnixFd[] copies = new UnixFd[count];
    for (int i = 0; i < count; i++) {
      copies[i] = fd.duplicate();
    }
    return List.of(copies);
  }

  private void answerWrongly(Invocation call) throws Exception {
    call.reply(Body.of(listOf(UNIX_FD), List.of(pipe.writer().duplicate())));
  }

  @BeforeEach
  void open() throws Exception {
    peer = new RawPeer();
    pipe = new TracedPipe();
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    pipe.close();
  }

  private CompletionStage<CloseReason> serve() {
    return serve(side -> side);
  }

  private CompletionStage<CloseReason> serve(UnaryOperator<ServerSide> options) {
    return serve(peer.transport(), options);
  }

  private CompletionStage<CloseReason> serve(
      Transport transport, UnaryOperator<ServerSide> options) {
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

  private static CloseReason end(CompletionStage<CloseReason> over) {
    return over.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static MethodCall call(String member) {
    return MethodCall.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName(member));
  }

  /// A call whose argument is the first of its descriptors.
  private static MethodCall callWithOne(String member) {
    return call(member).withBody(Body.of(UNIX_FD_INDEX, 0)).withUnixFds(1);
  }

  private MethodReturn reply() throws Exception {
    return assertInstanceOf(MethodReturn.class, peer.receives());
  }

  private ErrorName error() throws Exception {
    return assertInstanceOf(ErrorMessage.class, peer.receives()).errorName();
  }

  private void refused(CompletionStage<CloseReason> over) throws Exception {
    assertEquals(Kind.INVALID_MESSAGE, end(over).kind());
    peer.seesTheEnd();
    pipe.isClosedEverywhere();
  }

  // Where descriptors belong.

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("FD-20, SEC-26 a handler gets the descriptors of a call, in both byte orders")
  void handlerGetsThem(boolean little) throws Exception {
    var _ = serve();
    peer.authenticates();
    ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    try (TracedPipe second = new TracedPipe()) {
      MethodCall hello = call("Hello").withBody(Body.of(UNIX_FD_INDEX, 1)).withUnixFds(2);
      peer.sends(peer.bytesOf(hello, order), pipe.writer(), second.writer());
      reply();
      assertEquals("hello", second.untilClosedEverywhere());
      pipe.isClosedEverywhere();
    }
  }

  @Test
  @DisplayName("FD-09, FD-10 descriptors may come in one packet with the end of the handshake")
  void withTheHandshake() throws Exception {
    var _ = serve();
    byte[] handshake = RawPeer.HANDSHAKE.getBytes(US_ASCII);
    peer.sends(RawPeer.bytes(handshake, peer.bytesOf(callWithOne("Hello"))), pipe.writer());
    assertEquals("hello", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-09, AUTH-25 descriptors without a message in the handshake end it")
  void onlyWithTheHandshake() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.sends("\0AUTH EXTERNAL\r\n", pipe.writer());
    assertEquals(Kind.NOT_AUTHENTICATED, end(over).kind());
    peer.seesTheEnd();
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-09 descriptors with the BEGIN and no byte after it end the connection")
  void withTheBeginAlone() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.sends(RawPeer.HANDSHAKE, pipe.writer());
    refused(over);
  }

  @Test
  @DisplayName("FD-11 descriptors come with the first part of a message that comes in parts")
  void inParts() throws Exception {
    var _ = serve();
    peer.authenticates();
    byte[] message = peer.bytesOf(callWithOne("Hello"));
    peer.sends(Arrays.copyOf(message, 1), pipe.writer());
    for (int i = 1; i < message.length; i++) {
      peer.sends(new byte[] {message[i]});
    }
    reply();
    assertEquals("hello", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-11 a second set in the middle of a message ends the connection")
  void secondSet() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    byte[] message = peer.bytesOf(callWithOne("Hello").withUnixFds(2));
    try (TracedPipe second = new TracedPipe()) {
      peer.sends(Arrays.copyOf(message, 20), pipe.writer());
      peer.sends(Arrays.copyOfRange(message, 20, 30), second.writer());
      refused(over);
      second.isClosedEverywhere();
    }
  }

  @Test
  @DisplayName("FD-01 a set that comes with the last part alone ends the connection")
  void withTheLastPart() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    byte[] message = peer.bytesOf(callWithOne("Hello"));
    byte[] first = Arrays.copyOf(message, message.length - 4);
    peer.sends(RawPeer.bytes(peer.bytesOf(call("Text")), first));
    // So these have been read, and the rest comes in another read.
    reply();
    peer.sends(Arrays.copyOfRange(message, message.length - 4, message.length), pipe.writer());
    refused(over);
  }

  @Test
  @DisplayName("FD-12 of many messages in one packet, each gets its own descriptors")
  void manyMessages() throws Exception {
    var _ = serve();
    peer.authenticates();
    try (TracedPipe second = new TracedPipe()) {
      byte[] plain = peer.bytesOf(call("Text"));
      peer.sends(plain);
      peer.sends(RawPeer.bytes(peer.bytesOf(callWithOne("Hello")), plain, plain), pipe.writer());
      byte[] split = peer.bytesOf(callWithOne("Hello"));
      peer.sends(RawPeer.bytes(plain, Arrays.copyOf(split, 40)), second.writer());
      peer.sends(RawPeer.bytes(Arrays.copyOfRange(split, 40, split.length), plain));
      for (int i = 0; i < 7; i++) {
        reply();
      }
      assertEquals("hello", pipe.untilClosedEverywhere());
      assertEquals("hello", second.untilClosedEverywhere());
    }
  }

  @Test
  @DisplayName("FD-12 the rest of one message and the beginning of the next share a packet")
  void restAndBeginning() throws Exception {
    var _ = serve();
    peer.authenticates();
    try (TracedPipe second = new TracedPipe()) {
      byte[] one = peer.bytesOf(callWithOne("Hello"));
      byte[] two = peer.bytesOf(callWithOne("Hello"));
      peer.sends(Arrays.copyOf(one, 50), pipe.writer());
      peer.sends(Arrays.copyOfRange(one, 50, one.length));
      peer.sends(Arrays.copyOf(two, 50), second.writer());
      peer.sends(Arrays.copyOfRange(two, 50, two.length));
      reply();
      reply();
      assertEquals("hello", pipe.untilClosedEverywhere());
      assertEquals("hello", second.untilClosedEverywhere());
    }
  }

  // What does not fit.

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "1, 2", "0, 1"})
  @DisplayName("FD-03, SEC-10 another number of descriptors than declared ends the connection")
  void anotherNumber(int declared, int sent) throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    MethodCall call = call("Text").withUnixFds(declared);
    UnixFd[] fds = Collections.nCopies(sent, pipe.writer()).toArray(UnixFd[]::new);
    peer.sends(peer.bytesOf(call), fds);
    refused(over);
  }

  @Test
  @DisplayName("FD-05 an index beyond the descriptors ends the connection")
  void indexBeyond() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    byte[] message = peer.bytesOf(callWithOne("Hello"));
    // The argument is the last thing in the message.
    message[message.length - (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 4 : 1)] = 1;
    peer.sends(message, pipe.writer());
    refused(over);
  }

  @Test
  @DisplayName("FD-05 the same index may occur twice, and an index need not occur")
  void sameIndexTwice() throws Exception {
    var _ = serve();
    peer.authenticates();
    MethodCall call =
        call("Count").withBody(Body.of(listOf(UNIX_FD_INDEX), List.of(1, 1, 1))).withUnixFds(2);
    peer.sends(peer.bytesOf(call), pipe.writer(), pipe.writer());
    assertEquals(3, reply().body().read(INT32));
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-04, AUTH-26 without the agreement a declared descriptor ends the connection")
  void notAgreed() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.sends(RawPeer.HANDSHAKE.replace("NEGOTIATE_UNIX_FD\r\n", ""));
    peer.sends(peer.bytesOf(callWithOne("Hello")), pipe.writer());
    refused(over);
  }

  @Test
  @DisplayName("AUTH-26, AUTH-27, FD-02 passing can be switched off, and then fails at once")
  void switchedOff() throws Exception {
    var _ = serve(side -> side.maxUnixFds(0));
    peer.sends(RawPeer.HANDSHAKE);
    peer.receivesLine();
    peer.receivesLine();
    assertEquals("ERROR", peer.receivesLine());
    assertFalse(opened.get().passesUnixFds());
    peer.sends(peer.bytesOf(call("Give")));
    assertEquals(ErrorName.FAILED, error());
    peer.sends(peer.bytesOf(call("Text")));
    assertEquals("text", reply().body().read(STRING));
    pipe.isClosedEverywhere();
  }

  // How many.

  @ParameterizedTest
  @CsvSource({"16, 1", "16, 3", "16, 15", "16, 16", "7, 7", "253, 60"})
  @DisplayName("FD-06, FD-07, FD-08, FD-18, SEC-11 descriptors up to the limit are passed")
  void upToTheLimit(int limit, int count) throws Exception {
    var _ = serve(side -> side.maxUnixFds(limit));
    peer.authenticates();
    sendMany(count);
    assertEquals(count, reply().body().read(INT32));
    pipe.isClosedEverywhere();
  }

  @ParameterizedTest
  @CsvSource({"16, 17", "16, 18", "16, 33", "7, 8"})
  @DisplayName("FD-06, FD-18, SEC-12 more than the limit end the connection")
  void beyondTheLimit(int limit, int count) throws Exception {
    CompletionStage<CloseReason> over = serve(side -> side.maxUnixFds(limit));
    peer.authenticates();
    sendMany(count);
    refused(over);
  }

  @Test
  @Tag(NATIVE_ACCESS)
  @DisplayName("FD-06, FD-07 as many as the kernel lets travel")
  void theMost() throws Exception {
    upToTheLimit(253, 253);
  }

  @ParameterizedTest
  @CsvSource({"16, 61", "16, 253", "60, 61"})
  @Tag(NATIVE_ACCESS)
  @DisplayName("FD-06, FD-07, SEC-21 far more than the limit end the connection, without a leak")
  void farBeyondTheLimit(int limit, int count) throws Exception {
    beyondTheLimit(limit, count);
  }

  private void sendMany(int count) throws Exception {
    List<Integer> indices = IntStream.range(0, count).boxed().toList();
    MethodCall call =
        call("Count").withBody(Body.of(listOf(UNIX_FD_INDEX), indices)).withUnixFds(count);
    peer.sends(
        peer.bytesOf(call), Collections.nCopies(count, pipe.writer()).toArray(UnixFd[]::new));
  }

  @Test
  @DisplayName("FD-06 more than the limit cannot be sent, and nothing is lost but the message")
  void tooManyToSend() throws Exception {
    var _ = serve(side -> side.maxUnixFds(7));
    peer.authenticates();
    for (int count : new int[] {8, 7}) {
      peer.sends(peer.bytesOf(call("GiveMany").withBody(Body.of(INT32, count))));
      Message answer = peer.receives();
      assertEquals(count == 7, answer instanceof MethodReturn);
      assertEquals(count == 7 ? 7 : 0, answer.body().unixFds().size());
      answer.body().unixFds().close();
    }
    pipe.isClosedEverywhere();
  }

  // What becomes of those that came.

  @ParameterizedTest
  @ValueSource(strings = {"Unknown", "Text", "Fail", "Count"})
  @DisplayName("FD-14, FD-19 a call that is refused or fails leaves no descriptor open")
  void refusedCalls(String member) throws Exception {
    var _ = serve();
    peer.authenticates();
    peer.sends(peer.bytesOf(callWithOne(member)), pipe.writer());
    error();
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-14 descriptors that are no arguments are closed")
  void noArguments() throws Exception {
    var _ = serve();
    peer.authenticates();
    peer.sends(peer.bytesOf(call("Text").withUnixFds(1)), pipe.writer());
    assertEquals("text", reply().body().read(STRING));
    MethodCall ping =
        MethodCall.of(
            new ObjectPath("/"),
            new InterfaceName("org.freedesktop.DBus.Peer"),
            new MemberName("Ping"));
    peer.sends(peer.bytesOf(ping.withUnixFds(1)), pipe.writer());
    reply();
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-14 a call that wants no reply leaves no descriptor open")
  void noReply() throws Exception {
    var _ = serve();
    peer.authenticates();
    MethodCall quiet = callWithOne("Forward").withFlags(MessageFlag.NO_REPLY_EXPECTED);
    peer.sends(peer.bytesOf(quiet), pipe.writer());
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-14 what a handler has taken stays open, also after the connection has ended")
  void taken() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    peer.sends(peer.bytesOf(callWithOne("Keep")), pipe.writer());
    reply();
    peer.endsItsStream();
    end(over);
    try (UnixFd mine = kept.remove()) {
      say(mine, "still open");
    }
    assertEquals("still open", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-14 a call that is answered later keeps its descriptors until then")
  void answeredLater() throws Exception {
    var _ = serve();
    peer.authenticates();
    peer.sends(peer.bytesOf(callWithOne("Later")), pipe.writer());
    Invocation call = later.poll(20, TimeUnit.SECONDS);
    assertNotNull(call);
    say(UNIX_FD.read(call.reader()).duplicate(), "later");
    assertTrue(UNIX_FD.read(call.reader()).isOpen());
    call.reply();
    assertEquals("later", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-14 signals, wanted or not, unexpected replies, errors and unknown messages")
  void otherMessages() throws Exception {
    var _ = serve();
    peer.authenticates();
    BlockingQueue<Signal> got = new LinkedBlockingQueue<>();
    var _ = opened.get().subscribe(SignalMatch.all().member("Wanted"), got::add);
    Signal signal =
        Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("Wanted"))
            .withBody(Body.of(UNIX_FD_INDEX, 0))
            .withUnixFds(1);
    peer.sends(peer.bytesOf(signal), pipe.writer());
    Signal unwanted =
        Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("Unwanted"));
    peer.sends(peer.bytesOf(unwanted.withUnixFds(1)), pipe.writer());
    MethodCall imagined = call("Text").withSerial(77);
    peer.sends(peer.bytesOf(MethodReturn.to(imagined).withUnixFds(1)), pipe.writer());
    peer.sends(
        peer.bytesOf(ErrorMessage.to(imagined, ErrorName.FAILED, "no").withUnixFds(1)),
        pipe.writer());
    byte[] unknown = peer.bytesOf(unwanted.withUnixFds(1));
    unknown[1] = 9;
    peer.sends(unknown, pipe.writer());
    pipe.isClosedEverywhere();
    assertEquals(new MemberName("Wanted"), got.remove().member());
  }

  @Test
  @DisplayName("FD-14 the stream ends in the middle of a message with descriptors")
  void endsInTheMiddle() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    peer.sends(Arrays.copyOf(peer.bytesOf(callWithOne("Hello")), 30), pipe.writer());
    peer.endsItsStream();
    end(over);
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName(
      "FD-13, SEC-13 a message with descriptors that is never complete ends the connection")
  void neverComplete() throws Exception {
    CompletionStage<CloseReason> over = serve(side -> side.completionTime(Duration.ofMillis(20)));
    peer.authenticates();
    peer.sends(Arrays.copyOf(peer.bytesOf(callWithOne("Hello")), 30), pipe.writer());
    assertTrue(end(over).detail().contains("not complete"));
    peer.seesTheEnd();
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-15 received descriptors are close-on-exec")
  void closeOnExec() throws Exception {
    var _ = serve();
    peer.authenticates();
    peer.sends(peer.bytesOf(callWithOne("Keep")), pipe.writer());
    reply();
    try (UnixFd mine = kept.remove()) {
      Path info = Path.of("/proc/self/fdinfo/" + Descriptors.number(mine.fileDescriptor()));
      String flags =
          Files.readAllLines(info).stream()
              .filter(line -> line.startsWith("flags:"))
              .findFirst()
              .orElseThrow();
      // In octal; O_CLOEXEC, as open(2) has it.
      assertEquals(02000000, Integer.parseInt(flags.substring(6).strip(), 8) & 02000000);
    }
  }

  @Test
  @DisplayName("CONN-41, SEC-12 reading waits while the handlers hold too many descriptors")
  void heldByHandlers() throws Exception {
    var _ = serve();
    peer.authenticates();
    int fitting = HeldUnixFds.LIMIT / 16;
    for (int i = 0; i <= fitting; i++) {
      MethodCall call = callWithOne("Later").withUnixFds(16);
      peer.sends(peer.bytesOf(call), Collections.nCopies(16, pipe.writer()).toArray(UnixFd[]::new));
    }
    List<Invocation> running = new ArrayList<>();
    for (int i = 0; i < fitting; i++) {
      running.add(later.poll(20, TimeUnit.SECONDS));
    }
    assertNull(later.poll(100, TimeUnit.MILLISECONDS));
    running.removeFirst().reply();
    running.add(later.poll(20, TimeUnit.SECONDS));
    running.forEach(Invocation::reply);
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-14, SERV-34, SEC-21 connections that end in every way leave no descriptor")
  void countedDescriptors() throws Exception {
    endConnections(4);
  }

  @Test
  @Tag(NATIVE_ACCESS)
  @DisplayName("SEC-21 nor do connections over which too many came")
  void countedDescriptorsOfTooMany() throws Exception {
    endConnections(5);
  }

  private void endConnections(int ways) throws Exception {
    int before = 0;
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 20; i++) {
        connectionThatEnds(i % ways);
      }
      // What is opened once and for all is open after the first round.
      before = round == 0 ? openDescriptors() : before;
    }
    int wanted = before;
    awaitTrue("descriptors, as before: " + wanted, () -> openDescriptors() <= wanted);
  }

  /// The kernel gives no event when a descriptor is closed, so it is asked again and again.
  private static void awaitTrue(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private void connectionThatEnds(int way) throws Exception {
    try (RawPeer another = new RawPeer()) {
      CompletionStage<CloseReason> over = serve(another.transport(), side -> side);
      if (way > 0) {
        another.authenticates();
        byte[] message = another.bytesOf(callWithOne("Hello"));
        another.sends(way == 1 ? Arrays.copyOf(message, 30) : message, pipe.writer());
      }
      if (way == 2) {
        another.sends("no message", pipe.writer());
      }
      if (way == 4) {
        another.sends("x", Collections.nCopies(200, pipe.writer()).toArray(UnixFd[]::new));
      }
      another.leaves();
      end(over);
    }
  }

  private static int openDescriptors() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return (int) descriptors.count();
    }
  }

  // Sending.

  @Test
  @DisplayName("FD-16 a result is handed over: it leaves, and is closed here")
  void handedOver() throws Exception {
    var _ = serve();
    peer.authenticates();
    peer.sends(peer.bytesOf(call("Give")));
    MethodReturn reply = reply();
    say(reply.body().read(UNIX_FD), "given");
    assertEquals("given", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-16 what a handler got, it can return")
  void forwarded() throws Exception {
    var _ = serve();
    peer.authenticates();
    peer.sends(peer.bytesOf(callWithOne("Forward")), pipe.writer());
    say(reply().body().read(UNIX_FD), "back again");
    assertEquals("back again", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-16 nothing leaks where the reply is not what was declared")
  void wrongReply() throws Exception {
    var _ = serve();
    peer.authenticates();
    peer.sends(peer.bytesOf(call("Wrong")));
    assertEquals(ErrorName.FAILED, error());
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-01, FD-12 descriptors leave with their own message, however many are queued")
  void amongOthers() throws Exception {
    var _ = serve();
    peer.authenticates();
    DBusConnection connection = opened.get();
    int rounds = 40;
    Thread sender =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < rounds; i++) {
                emit(connection, "Plain", Body.of(STRING, "x".repeat(i * 300)));
                emit(connection, "With", withCopies(i % 3 + 1));
              }
            });
    for (int i = 0; i < rounds; i++) {
      assertEquals(0, peer.receives().unixFds());
      Message with = peer.receives();
      assertEquals(i % 3 + 1, with.body().read(listOf(UNIX_FD)).size());
      with.body().unixFds().close();
    }
    sender.join();
    pipe.isClosedEverywhere();
  }

  private Body withCopies(int count) {
    try {
      return Body.of(listOf(UNIX_FD), copies(pipe.writer(), count));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void emit(DBusConnection connection, String member, Body body) {
    try {
      connection.emit(PATH, NAME, member, body);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("FD-16 what was sent once, or is closed, cannot be sent; the connection goes on")
  void sentTwice() throws Exception {
    var _ = serve();
    peer.authenticates();
    DBusConnection connection = opened.get();
    Signal signal =
        Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("With"))
            .withBody(Body.of(UNIX_FD, pipe.writer().duplicate()));
    connection.send(signal);
    peer.receives().body().unixFds().close();
    assertThrows(IllegalArgumentException.class, () -> connection.send(signal));
    Signal declared = signal.withBody(Body.EMPTY).withUnixFds(1);
    assertThrows(IllegalArgumentException.class, () -> connection.send(declared));
    connection.send(
        Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("After")));
    assertEquals(0, peer.receives().unixFds());
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-16 nothing leaks where the peer is gone")
  void peerGone() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    DBusConnection connection = opened.get();
    peer.close();
    end(over);
    assertThrows(IOException.class, () -> connection.emit(PATH, NAME, "With", withCopies(2)));
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-16 nothing leaks of what waits for a peer that does not read")
  void peerDoesNotRead() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    DBusConnection connection = opened.get();
    Thread stuck =
        Thread.ofPlatform()
            .start(() -> {
              try {
                connection.emit(PATH, NAME, "Big", Body.of(STRING, "x".repeat(4 << 20)));
              } catch (IOException expectedAtTheEnd) {
                assertTrue(connection.isClosed());
              }
            });
    connection.post(
        Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("With"))
            .withBody(withCopies(2)));
    peer.close();
    end(over);
    stuck.join();
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-22 a message may carry descriptors beside its arguments")
  void besideTheArguments() throws Exception {
    var _ = serve();
    peer.authenticates();
    opened
        .get()
        .send(
            Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("Beside"))
                .withUnixFds(UnixFds.of(pipe.writer().duplicate())));
    Message got = peer.receives();
    assertEquals(Signature.EMPTY, got.body().signature());
    say((UnixFd) got.body().unixFds().get(0), "beside");
    assertEquals("beside", pipe.untilClosedEverywhere());
  }

  /// The operating system lets no descriptors travel, and all else.
  private record Refusing(Transport transport) implements Transport {

    @Override
    public void start(Receiver receiver) {
      transport.start(receiver);
    }

    @Override
    public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
      if (!unixFds.isEmpty()) {
        throw new UnixFdsRefusedException("too many references", null);
      }
      transport.write(bytes, unixFds);
    }

    @Override
    public Credentials credentials() {
      return transport.credentials();
    }

    @Override
    public int maxUnixFds() {
      return transport.maxUnixFds();
    }

    @Override
    public void close() {
      transport.close();
    }
  }

  @Test
  @DisplayName("FD-17, SEC-09 a reply whose descriptors cannot travel becomes an error")
  void refusedReply() throws Exception {
    var _ = serve(new Refusing(peer.transport()), side -> side);
    peer.authenticates();
    peer.sends(peer.bytesOf(call("Give")));
    assertEquals(ErrorName.LIMITS_EXCEEDED, error());
    peer.sends(peer.bytesOf(call("Text")));
    assertEquals("text", reply().body().read(STRING));
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-17, SEC-09 a call whose descriptors cannot travel fails alone")
  void refusedCall() throws Exception {
    var _ = serve(new Refusing(peer.transport()), side -> side);
    peer.authenticates();
    DBusConnection connection = opened.get();
    Body arguments = Body.of(UNIX_FD, pipe.writer().duplicate());
    IOException refused =
        assertThrows(IOException.class, () -> connection.call(PATH, NAME, "Take", arguments));
    assertTrue(String.valueOf(refused.getMessage()).contains("too many references"));
    assertFalse(connection.isClosed());
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-17 of a long message that cannot be sent no byte is, and what follows is whole")
  void refusedLongMessage() throws Exception {
    var _ = serve(new Refusing(peer.transport()), side -> side);
    peer.authenticates();
    DBusConnection connection = opened.get();
    for (int length : new int[] {10, 60_000, 300_000}) {
      Body body =
          Body.write(
              Signature.parse("hs"),
              writer -> {
                writer.writeUnixFdHandle(withCopies(1).unixFds().get(0));
                writer.writeString("x".repeat(length));
              });
      connection.emit(PATH, NAME, "With", body);
      connection.emit(PATH, NAME, "After", Body.of(INT32, length));
      assertEquals(length, peer.receives().body().read(INT32));
    }
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("CONN-36 a write that fails does not lose what the peer sent before it left")
  void readAfterBrokenPipe() throws Exception {
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    peer.sends("sent before");
    peer.leaves();
    Transport transport = peer.transport();
    assertThrows(IOException.class, () -> transport.write(ByteBuffer.wrap(new byte[8]), List.of()));
    transport.start(
        new Receiver() {
          @Override
          public void received(ByteBuffer bytes, List<FileDescriptor> unixFds) {
            got.add(US_ASCII.decode(bytes).toString());
          }

          @Override
          public void ended(Optional<IOException> failure) {
            got.add("end");
          }
        });
    assertEquals("sent before", got.poll(20, TimeUnit.SECONDS));
    assertEquals("end", got.poll(20, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("CONN-36 a reply that came before the peer left counts, though writing failed since")
  void replyBeforeBrokenPipe() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    DBusConnection connection = opened.get();
    CompletableFuture<MethodReturn> one = connection.callAsync(call("One"), Duration.ofDays(1));
    MethodCall asked = assertInstanceOf(MethodCall.class, peer.receives());
    // While the thread that reads is held up, the answer comes, the peer leaves, and a write fails.
    var _ = one.thenAccept(reply -> awaitUnchecked(reading));
    CompletableFuture<MethodReturn> two = connection.callAsync(call("Two"), Duration.ofDays(1));
    MethodCall askedToo = assertInstanceOf(MethodCall.class, peer.receives());
    peer.sends(peer.bytesOf(MethodReturn.to(asked)));
    one.get();
    peer.sends(peer.bytesOf(MethodReturn.to(askedToo)));
    peer.leaves();
    assertTrue(failsToSend(connection));
    reading.countDown();
    two.get();
    assertEquals(Kind.BROKEN, end(over).kind());
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Sends until the connection knows that nothing can be written any more.
  private static boolean failsToSend(DBusConnection connection) {
    try {
      for (int i = 0; i < 1000; i++) {
        connection.emit(PATH, NAME, "Any", Body.EMPTY);
      }
      return false;
    } catch (IOException expected) {
      return true;
    }
  }
}
