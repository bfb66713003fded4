package dbus.server;

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
import dbus.address.UnixPath;
import dbus.connection.CallTimeoutException;
import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.connection.DBusErrorException;
import dbus.connection.Interface;
import dbus.connection.Invocation;
import dbus.connection.SignalMatch;
import dbus.connection.Subscription;
import dbus.wire.Body;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our client and our server, over real sockets.
class ClientAndServerTest {

  private static final String PATH = "/com/example/Greeter";
  private static final String NAME = "com.example.Greeter1";
  private static final Duration FOREVER = Duration.ofDays(1000);

  @TempDir Path directory;

  private final BlockingQueue<Invocation> later = new LinkedBlockingQueue<>();
  private DBusServer server;
  private DBusConnection client;

  @BeforeEach
  void connect() throws Exception {
    Interface greeter =
        Interface.named(NAME)
            .method("Greet", in("name", STRING), out("greeting", STRING), name -> "Hello, " + name)
            .method(
                "Fail",
                () -> {
                  throw new DBusErrorException(new ErrorName("com.example.Odd"), "so it is");
                })
            .method("Later", List.of(), List.of(out("number", INT32)), later::add)
            .method(
                "AskBack",
                List.of(),
                List.of(out("answer", STRING)),
                call ->
                    call.reply(
                        call.connection().call("/mine", "com.example.Mine1", "Name", Body.EMPTY)))
            .build();
    server = DBusServer.at("unix:dir=" + directory).export(PATH, greeter).start();
    client =
        DBusConnection.to(server.clientAddress().toString())
            .export(
                "/mine",
                Interface.named("com.example.Mine1")
                    .method("Name", out("name", STRING), () -> "client")
                    .build())
            .connect();
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static MethodCall call(String member) {
    return MethodCall.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName(member));
  }

  private String greet(String name) throws Exception {
    return client.call(PATH, NAME, "Greet", Body.of(STRING, name)).read(STRING);
  }

  /// The example of the page of `dbus.connection`, and of the README.
  @Test
  void documentedExample() throws Exception {
    String address = server.clientAddress().toString();
    try (DBusConnection peer = DBusConnection.connect(address)) {
      String greeting =
          peer.call(
              "/com/example/Greeter",
              "com.example.Greeter1",
              "Greet",
              Body.of(STRING, "you"),
              STRING);
      assertEquals("Hello, you", greeting);
    }
  }

  @Test
  void aCallReturnsWhatTheMethodReturns() throws Exception {
    assertEquals("Hello, you", greet("you"));
    assertEquals(server.guid(), client.serverGuid());
    assertEquals("EXTERNAL", client.mechanism());
  }

  @Test
  @DisplayName("MSG-27 an error comes back with its name, text and body")
  void error() throws Exception {
    var e =
        assertThrows(DBusErrorException.class, () -> client.call(PATH, NAME, "Fail", Body.EMPTY));
    assertEquals(new ErrorName("com.example.Odd"), e.errorName());
    assertEquals("so it is", e.text());
    assertEquals("so it is", e.body().read(STRING));
    assertEquals("Hello, you", greet("you"));
  }

  @Test
  @DisplayName("CONN-07 a handler calls back to its caller while that waits")
  void callBack() throws Exception {
    assertEquals("client", client.call(PATH, NAME, "AskBack", Body.EMPTY).read(STRING));
  }

  @Test
  @DisplayName("CONN-06, CONN-07 replies come in any order, each to its own call")
  void anyOrder() throws Exception {
    CompletableFuture<MethodReturn> first = client.callAsync(call("Later"), FOREVER);
    Invocation one = later.take();
    CompletableFuture<MethodReturn> second = client.callAsync(call("Later"), FOREVER);
    Invocation two = later.take();
    two.reply(Body.of(INT32, 2));
    assertEquals(2, second.get().body().read(INT32));
    assertFalse(first.isDone());
    one.reply(Body.of(INT32, 1));
    assertEquals(1, first.get().body().read(INT32));
  }

  @Test
  @DisplayName("CONN-10 a call that is not answered in time fails; the late reply is ignored")
  void timeout() throws Exception {
    assertThrows(
        CallTimeoutException.class, () -> client.call(call("Later"), Duration.ofMillis(1)));
    later.take().reply(Body.of(INT32, 1));
    assertEquals("Hello, you", greet("you"));
  }

  @Test
  @DisplayName("CONN-11 a call that is cancelled is forgotten")
  void cancelled() throws Exception {
    CompletableFuture<MethodReturn> reply = client.callAsync(call("Later"), FOREVER);
    assertTrue(reply.cancel(true));
    assertThrows(CancellationException.class, reply::get);
    later.take().reply(Body.of(INT32, 1));
    assertEquals("Hello, you", greet("you"));
  }

  @Test
  @DisplayName("CONN-32, CONN-33 when the connection ends, every call fails, those to come as well")
  void ending() throws Exception {
    CompletableFuture<MethodReturn> reply = client.callAsync(call("Later"), FOREVER);
    later.take();
    server.close();
    var e = assertThrows(ExecutionException.class, () -> reply.get(30, TimeUnit.SECONDS));
    assertInstanceOf(IOException.class, e.getCause());
    var _ = client.closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertTrue(client.isClosed());
    assertThrows(IOException.class, () -> greet("you"));
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    BlockingQueue<Exception> thrown = new LinkedBlockingQueue<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> {
              try {
                var _ = client.call(call("Later"), FOREVER);
              } catch (Exception e) {
                thrown.add(e);
              }
            });
    later.take();
    waiting.interrupt();
    assertInstanceOf(InterruptedException.class, thrown.poll(30, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName(
      "CONN-23, CONN-28 signals come in order, to those who subscribed, until they unsubscribe")
  void signals() throws Exception {
    BlockingQueue<Integer> counted = new LinkedBlockingQueue<>();
    BlockingQueue<String> others = new LinkedBlockingQueue<>();
    Subscription counts =
        client.subscribe(
            SignalMatch.all().member("Counted"),
            signal -> counted.add(((Value.Int32) signal.body().values().getFirst()).value()));
    var _ =
        client.subscribe(
            SignalMatch.all().member("Other"), signal -> others.add(signal.path().value()));
    DBusConnection toClient = toClient();
    for (int i = 0; i < 1000; i++) {
      toClient.emit(PATH, NAME, "Counted", Body.of(INT32, i));
    }
    toClient.emit(PATH, NAME, "Other", Body.EMPTY);
    for (int i = 0; i < 1000; i++) {
      assertEquals(i, counted.poll(30, TimeUnit.SECONDS));
    }
    assertEquals(PATH, others.poll(30, TimeUnit.SECONDS));
    counts.close();
    toClient.emit(PATH, NAME, "Counted", Body.of(INT32, 1000));
    toClient.emit(PATH, NAME, "Other", Body.EMPTY);
    assertEquals(PATH, others.poll(30, TimeUnit.SECONDS));
    assertTrue(counted.isEmpty());
  }

  @Test
  void aHandlerOfSignalsThatThrowsOrCallsDoesNotStopTheNext() throws Exception {
    BlockingQueue<String> greetings = new LinkedBlockingQueue<>();
    var _ =
        client.subscribe(
            SignalMatch.all(),
            signal -> {
              throw new IllegalStateException("on purpose");
            });
    var _ = client.subscribe(SignalMatch.all(), signal -> greetings.add(unchecked("you")));
    DBusConnection toClient = toClient();
    toClient.emit(PATH, NAME, "Counted", Body.of(INT32, 1));
    toClient.emit(PATH, NAME, "Counted", Body.of(INT32, 2));
    assertEquals("Hello, you", greetings.poll(30, TimeUnit.SECONDS));
    assertEquals("Hello, you", greetings.poll(30, TimeUnit.SECONDS));
  }

  private String unchecked(String name) {
    try {
      return greet(name);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// The server's side of the client's connection, listed at the latest when a call is answered.
  private DBusConnection toClient() throws Exception {
    assertEquals("Hello, you", greet("you"));
    assertEquals(1, server.connections().size());
    return server.connections().iterator().next();
  }

  @Test
  @DisplayName("SERV-16, SERV-33 a peer that does not read holds up no other, nor the end")
  void aPeerThatDoesNotRead() throws Exception {
    AtomicReference<String> text = new AtomicReference<>("");
    try (DBusServer noisy =
            DBusServer.at("unix:dir=" + directory)
                .export(
                    "/noisy",
                    Interface.named("com.example.Noisy1")
                        .property("Text", STRING, () -> text.get(), text::set)
                        .build())
                .start();
        SocketChannel deaf = SocketChannel.open(UnixDomainSocketAddress.of(socketOf(noisy)));
        DBusConnection setting = DBusConnection.connect(noisy.clientAddress().toString())) {
      DBusServerTest.authenticate(deaf);
      while (noisy.connections().size() < 2) {
        Thread.onSpinWait();
      }
      // More than any socket takes in without its peer reading.
      for (int i = 0; i < 50; i++) {
        var _ =
            setting.call(
                "/noisy",
                "org.freedesktop.DBus.Properties",
                "Set",
                Body.of(
                    new Value.Str("com.example.Noisy1"),
                    new Value.Str("Text"),
                    new Value.Variant(new Value.Str((i + "-").repeat(50_000)))));
      }
      assertEquals("49-".repeat(50_000), text.get());
    }
  }

  private static Path socketOf(DBusServer server) {
    return ((UnixPath) server.clientAddress()).path().toPath();
  }

  @Test
  @DisplayName("CONN-12 the thread that reads refuses to wait for what it would have to read")
  void onTheReadingThread() throws Exception {
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    try (DBusServer asking =
            DBusServer.at("unix:dir=" + directory)
                .onConnection(connection ->
                    refused.complete(
                        assertThrows(
                            IllegalStateException.class,
                            () -> connection.call(call("Greet"), FOREVER))))
                .start();
        DBusConnection _ = DBusConnection.connect(asking.clientAddress().toString())) {
      assertTrue(refused.get(30, TimeUnit.SECONDS).getMessage().contains("callAsync"));
    }
  }

  @Test
  void aCallThatWantsNoReplyIsNotWaitedFor() {
    MethodCall call = call("Later").withFlags(MessageFlag.NO_REPLY_EXPECTED);
    assertThrows(IllegalArgumentException.class, () -> client.call(call, FOREVER));
  }

  @Test
  @DisplayName("ADDR-41 addresses are tried in order, and the error tells of all")
  void addressesInOrder() throws Exception {
    String none = "unix:path=" + directory.resolve("none");
    String list = none + ";" + server.clientAddress();
    try (DBusConnection second = DBusConnection.connect(list)) {
      assertEquals(server.guid(), second.serverGuid());
    }
    var e =
        assertThrows(ConnectException.class, () -> DBusConnection.connect(none + ";unix:dir=/x"));
    assertEquals(1, e.getSuppressed().length);
  }

  @Test
  @DisplayName("ADDR-45 a server with another guid than the address names is not talked to")
  void wrongGuid() {
    String address = server.clientAddress().withGuid(Guid.random()).toString();
    var e = assertThrows(ConnectException.class, () -> DBusConnection.connect(address));
    assertTrue(e.getMessage().contains("guid"), e::getMessage);
  }

  @Test
  @DisplayName("ADDR-41 a server that refuses is not passed over for the next address")
  void refusalIsFinal() {
    String wrong = server.clientAddress().withGuid(Guid.random()).toString();
    assertThrows(
        ConnectException.class, () -> DBusConnection.connect(wrong + ";" + server.clientAddress()));
  }

  @Test
  @DisplayName("ADDR-34 tcp goes to another machine only where that is allowed")
  void otherMachines() {
    // An address for documentation, which nothing is sent to: it is refused before.
    String address = "tcp:host=192.0.2.1,port=9";
    var e = assertThrows(ConnectException.class, () -> DBusConnection.connect(address));
    assertTrue(e.getMessage().contains("not this machine"), e::getMessage);
  }

  @Test
  @DisplayName("ADDR-34 an address that may be of another machine is gone to where that is allowed")
  void otherMachinesAreAllowed() throws Exception {
    try (ServerSocket listening = new ServerSocket(0)) {
      listening.setSoTimeout(30_000);
      // No loopback address, though it leads to this machine.
      String address = "tcp:host=0.0.0.0,port=" + listening.getLocalPort();
      var e = assertThrows(ConnectException.class, () -> DBusConnection.connect(address));
      assertTrue(e.getMessage().contains("not this machine"), e::getMessage);

      CompletableFuture<ConnectException> hungUp =
          CompletableFuture.supplyAsync(() ->
              assertThrows(
                  ConnectException.class,
                  () -> DBusConnection.to(address).allowOtherMachines().connect()));
      try (Socket peer = listening.accept()) {
        byte[] first = peer.getInputStream().readNBytes(1 + 4);
        assertEquals("\0AUTH", new String(first, StandardCharsets.US_ASCII));
      }
      var _ = hungUp.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  @DisplayName("ADDR-36 the nonce is sent before anything else")
  void nonce() throws Exception {
    Path file =
        Files.write(
            directory.resolve("nonce"), "0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address =
          "nonce-tcp:host=localhost,family=ipv4,port="
              + listening.getLocalPort()
              + ",noncefile="
              + file;
      CompletableFuture<ConnectException> refused =
          CompletableFuture.supplyAsync(
              () -> assertThrows(ConnectException.class, () -> DBusConnection.connect(address)));
      try (Socket peer = listening.accept()) {
        byte[] first = peer.getInputStream().readNBytes(16 + 1 + 4);
        assertEquals("0123456789abcdef\0AUTH", new String(first, StandardCharsets.US_ASCII));
      }
      var _ = refused.get(30, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 17})
  @DisplayName("ADDR-36 a nonce file that does not hold 16 bytes is refused")
  void nonceOfAnotherLength(int length) throws Exception {
    Path file = Files.write(directory.resolve("nonce"), new byte[length]);
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address =
          "nonce-tcp:host=localhost,port=" + listening.getLocalPort() + ",noncefile=" + file;
      var e = assertThrows(ConnectException.class, () -> DBusConnection.connect(address));
      assertTrue(e.getMessage().contains("16 bytes"), e::getMessage);
    }
  }
}
