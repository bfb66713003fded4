package dbus.server;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the handlers of new connections see, and what becomes of a connection then.
class NewConnectionsTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private DBusServerBuilder server() {
    return DBusServer.at("unix:path=" + directory.resolve("s")).listener(witness);
  }

  @Test
  @DisplayName("SERV-09 a handshake that fails is never shown; one that succeeds is, authenticated")
  void onlyAfterAuthentication() throws Exception {
    try (DBusServer server =
            server().onConnection(connection -> said.add(connection.mechanism())).start();
        RawClient wrong = RawClient.silent(server).send("\0AUTH EXTERNAL 39393939\r\nBEGIN\r\n");
        RawClient leaving = RawClient.silent(server).send("\0AUTH\r\n")) {
      wrong.awaitEnd();
      leaving.close();
      Witness.next(witness.failures);
      Witness.next(witness.failures);
      try (RawClient good = RawClient.authenticated(server)) {
        good.ping();
      }
      assertEquals("EXTERNAL", Witness.next(said));
      assertTrue(said.isEmpty());
    }
  }

  @Test
  @DisplayName("SERV-10 handlers are asked in order until one claims; what nobody claims is closed")
  void inOrderUntilOneClaims() throws Exception {
    BlockingQueue<Boolean> secondClaims = new LinkedBlockingQueue<>(List.of(true, false));
    try (DBusServer server =
        server()
            .onConnection(connection -> said.add("shown"))
            .claim(connection -> !said.add("first"))
            .claim(connection -> said.add("second") && secondClaims.remove())
            .claim(connection -> !said.add("third"))
            .onConnection(connection -> said.add("shown at last"))
            .start()) {
      try (RawClient claimed = RawClient.authenticated(server)) {
        claimed.ping();
        assertEquals(List.of("shown", "first", "second"), List.copyOf(said));
        said.clear();
        try (RawClient unclaimed = RawClient.authenticated(server)) {
          unclaimed.awaitEnd();
        }
        assertEquals(
            List.of("shown", "first", "second", "third", "shown at last"), List.copyOf(said));
        assertEquals(RefusalReason.NOT_CLAIMED, Witness.next(witness.refusals));
        claimed.ping();
      }
    }
  }

  @Test
  @DisplayName("SERV-11 what a handler exports and filters is there for the very first message")
  void beforeTheFirstMessage() throws Exception {
    try (DBusServer server =
            server()
                .onConnection(connection -> {
                  connection.addFilter((message, direction) -> {
                    said.add(direction + " " + message.serial());
                    return java.util.Optional.of(message);
                  });
                  connection.export(
                      new ObjectPath("/mine"),
                      Interface.named("com.example.Mine1")
                          .method("Get", out("it", STRING), () -> "yours")
                          .build());
                })
                .start();
        RawClient client = RawClient.silent(server)) {
      ByteBuffer handshake =
          java.nio.charset.StandardCharsets.US_ASCII.encode(RawClient.handshake());
      ByteBuffer first = client.encoded(RawClient.call("/mine", "com.example.Mine1", "Get"));
      ByteBuffer second = client.encoded(RawClient.call("/mine", "com.example.Mine1", "Get"));
      // All of it in the packet that brings BEGIN.
      client.send(
          ByteBuffer.allocate(handshake.remaining() + first.remaining() + second.remaining())
              .put(handshake)
              .put(first)
              .put(second)
              .flip());
      client.expectOk();
      MethodReturn one = (MethodReturn) client.receive();
      MethodReturn two = (MethodReturn) client.receive();
      assertEquals("yours", one.body().read(STRING));
      assertEquals(1, one.replySerial());
      assertEquals(2, two.replySerial());
      assertEquals("INCOMING 1", Witness.next(said));
    }
  }

  @Test
  @DisplayName("SERV-12 a handler that throws: its connection is closed, it is told, others go on")
  void aHandlerThatThrows() throws Exception {
    try (DBusServer server =
        server()
            .onConnection(connection -> {
              if (said.isEmpty()) {
                said.add("thrown");
                throw new IllegalStateException("on purpose");
              }
            })
            .start()) {
      try (RawClient first = RawClient.authenticated(server)) {
        first.awaitEnd();
        assertEquals(RefusalReason.HANDLER_FAILED, Witness.next(witness.refusals));
        assertEquals(
            List.of("accepted", "authenticated EXTERNAL", "refused HANDLER_FAILED"),
            witness.toldOf(1));
      }
      try (RawClient second = RawClient.authenticated(server)) {
        second.ping();
      }
    }
  }

  @Test
  @DisplayName(
      "SERV-13, SERV-14 handlers run where one says; one that blocks delays its peer alone")
  void onAnExecutor() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    try (ExecutorService executor = Executors.newCachedThreadPool();
        DBusServer server =
            server()
                .newConnectionExecutor(executor)
                .onConnection(connection -> {
                  threads.add(Thread.currentThread());
                  if (threads.size() == 1) {
                    gate.join();
                  }
                })
                .start();
        RawClient first = RawClient.hasty(server)) {
      first.send(RawClient.pingCall());
      while (threads.isEmpty()) {
        Thread.onSpinWait();
      }
      try (RawClient second = RawClient.authenticated(server)) {
        second.ping();
      }
      assertFalse(gate.isDone());
      assertEquals(2, threads.size());
      threads.forEach(
          thread -> assertFalse(thread.getName().startsWith("dbus-"), thread::toString));
      gate.complete(null);
      first.expectOk();
      first.receive();
    }
  }

  @Test
  @DisplayName("SERV-14 an executor that never runs a handler does not keep a peer that has left")
  void anExecutorThatDoesNothing() throws Exception {
    try (DBusServer server =
            server()
                .newConnectionExecutor(task -> said.add("given"))
                .onConnection(c -> {})
                .start();
        RawClient client = RawClient.authenticated(server)) {
      Witness.next(said);
      DBusConnection connection = Witness.next(witness.authenticated);
      connection.close();
      client.awaitEnd();
      assertEquals(RefusalReason.NOT_CLAIMED, Witness.next(witness.refusals));
    }
  }

  @Test
  @DisplayName("SERV-12, SERV-14 an executor that refuses is like a handler that throws")
  void anExecutorThatRefuses() throws Exception {
    ExecutorService shut = Executors.newCachedThreadPool();
    shut.shutdown();
    try (DBusServer server =
            server().newConnectionExecutor(shut).onConnection(connection -> {}).start();
        RawClient client = RawClient.authenticated(server)) {
      client.awaitEnd();
      assertEquals(RefusalReason.HANDLER_FAILED, Witness.next(witness.refusals));
    }
  }

  @Test
  @DisplayName("SERV-14 handlers of calls run on the executor that is given")
  void handlersOfCalls() throws Exception {
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    try (ExecutorService executor =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        DBusServer server =
            server()
                .executor(executor)
                .export(
                    "/a",
                    Interface.named("com.example.A1")
                        .method("Do", () -> threads.add(Thread.currentThread()))
                        .build())
                .start();
        RawClient client = RawClient.authenticated(server)) {
      client.send(RawClient.call("/a", "com.example.A1", "Do")).receive();
      assertEquals("mine", Witness.next(threads).getName());
    }
  }

  @Test
  @DisplayName(
      "SERV-15 a connection knows its server, its peer, how that was proved, and the socket")
  void whatAConnectionKnows() throws Exception {
    try (DBusServer server = server().allowAnonymous().start();
        RawClient client = RawClient.authenticated(server);
        RawClient nobody = RawClient.anonymous(server)) {
      client.ping();
      nobody.ping();
      DBusConnection one = Witness.next(witness.authenticated);
      DBusConnection two = Witness.next(witness.authenticated);
      DBusConnection known = one.identity().isPresent() ? one : two;
      DBusConnection anonymous = known == one ? two : one;
      assertNotSame(known, anonymous);
      Credentials me = Credentials.ofThisProcess();
      assertEquals(server.guid(), known.serverGuid());
      assertEquals("EXTERNAL", known.mechanism());
      assertEquals(me.uid(), known.identity().orElseThrow().uid());
      assertEquals(me.pid(), known.credentials().pid());
      assertFalse(known.passesUnixFds());
      assertEquals("ANONYMOUS", anonymous.mechanism());
      assertTrue(anonymous.identity().isEmpty());
      assertEquals(me.uid(), anonymous.credentials().uid());
      AcceptedPeer first = Witness.next(witness.accepted);
      assertEquals(server.clientAddress(), first.at());
      assertEquals(me.uid(), first.credentials().uid());
      assertSame(CloseReason.Kind.LOCAL, closeAndTell(server, known));
    }
  }

  private CloseReason.Kind closeAndTell(DBusServer server, DBusConnection connection)
      throws Exception {
    assertTrue(server.connections().contains(connection));
    connection.close();
    return Witness.next(witness.closed).kind();
  }
}
