package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.BusName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is different from a message bus, and what messages mean between two peers.
class PeerToPeerTest {
  private static final String PATH = "/com/example/Twice";
  private static final String NAME = "com.example.Twice1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final ObjectTree objects = new ObjectTree();
  private final CopyOnWriteArrayList<Optional<BusName>> senders = new CopyOnWriteArrayList<>();
  private final CompletableFuture<DBusConnection> opened = new CompletableFuture<>();

  @BeforeEach
  void serve() throws Exception {
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method("Twice", in("number", INT32), out("twice", INT32), n -> 2 * n)
                .build());
    peer.served().objects(objects).onAuthenticated(opened::complete).start();
    peer.authenticates();
  }

  private static MethodCall twice(int number) {
    return ScriptedPeer.call(PATH, NAME, "Twice").withBody(Body.of(INT32, number));
  }

  private static Signal signal() {
    return Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("Nobody"));
  }

  @Test
  @DisplayName(
      "CONN-03 a call to a name that is not ours, from one that is not the peer's, is answered")
  void foreignNames() throws Exception {
    peer.sends(
        twice(21)
            .withDestination(new BusName("com.example.Somebody"))
            .withSender(new BusName("org.freedesktop.DBus")));
    MethodReturn reply = assertInstanceOf(MethodReturn.class, peer.receives());
    assertEquals(42, reply.body().read(INT32));
    assertEquals(Optional.empty(), reply.sender());
  }

  @Test
  @DisplayName("CONN-03 what we send bears no sender, and no destination that nobody gave")
  void noNames() throws Exception {
    opened.get().send(signal());
    Signal sent = assertInstanceOf(Signal.class, peer.receives());
    assertEquals(Optional.empty(), sent.sender());
    assertEquals(Optional.empty(), sent.destination());
  }

  /// In the third byte of a message; 1 says that no reply is expected, 4 allows a question at the
  /// user, and 8 and beyond mean nothing.
  @ParameterizedTest
  @ValueSource(bytes = {0, 1, 2, 4, 7, 8, -1, -2})
  @DisplayName(
      "CONN-30 signals get no answer, whatever their flags: not those nobody wants, nor those that"
          + " fail a handler, nor those that are named like a method")
  void signalsGetNoAnswer(byte flags) throws Exception {
    peer.sends(withFlags(flags, signal()));
    peer.sends(withFlags(flags, method()));
    var _ =
        opened
            .get()
            .subscribe(
                SignalMatch.all(),
                signal -> {
                  senders.add(signal.sender());
                  throw new IllegalStateException("on purpose");
                });
    peer.sends(withFlags(flags, signal()));
    peer.sends(withFlags(flags, method()));
    peer.sends(twice(1));
    assertEquals(2, assertInstanceOf(MethodReturn.class, peer.receives()).body().read(INT32));
    assertEquals(2, senders.size());
    assertTrue(peer.hasHeardAll());
  }

  private static Signal method() {
    return Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("Twice"))
        .withBody(Body.of(INT32, 3));
  }

  private byte[] withFlags(byte flags, Signal signal) {
    byte[] bytes = peer.bytesOf(signal);
    bytes[2] = flags;
    return bytes;
  }

  @Test
  @DisplayName("CONN-34 what was sent before an orderly close is written before the end")
  void closeFlushes() throws Exception {
    for (int i = 0; i < 100; i++) {
      opened.get().send(signal());
    }
    opened.get().close();
    for (int i = 0; i < 100; i++) {
      assertInstanceOf(Signal.class, peer.receives());
    }
    assertTrue(peer.isClosed());
  }

  @Test
  @DisplayName("CONN-32, CONN-34 flushing waits for what was sent, and fails after the end")
  void flushes() throws Exception {
    DBusConnection connection = opened.get();
    for (int i = 0; i < 100; i++) {
      var _ = connection.callAsync(twice(i), Duration.ofDays(1000));
    }
    assertTrue(connection.flush(Duration.ofSeconds(30)));
    // Nobody writes any more: it has all been written.
    int pieces = peer.pieces();
    for (int i = 0; i < 100; i++) {
      assertInstanceOf(MethodCall.class, peer.receives());
    }
    assertTrue(pieces > 0);
    assertEquals(0, peer.pieces());
    connection.close(Duration.ZERO);
    assertThrows(IOException.class, () -> connection.flush(Duration.ofSeconds(30)));
  }

  @Test
  @DisplayName("CONN-39 how much may wait, and how many calls, is set in numbers of 1 or more")
  void limits() {
    ConnectionLimits limits = ConnectionLimits.DEFAULT;
    assertThrows(IllegalArgumentException.class, () -> limits.withOutgoingBytes(0));
    assertThrows(IllegalArgumentException.class, () -> limits.withOutgoingBytes(-1));
    assertThrows(IllegalArgumentException.class, () -> limits.withCallsInProgress(0));
  }

  @Test
  @DisplayName("CONN-13 of the calls of a peer as many are with handlers as was set, and no more")
  void callsInProgress() throws Exception {
    BlockingQueue<Invocation> running = new LinkedBlockingQueue<>();
    ScriptedPeer other = new ScriptedPeer();
    ObjectTree tree = new ObjectTree();
    var _ =
        tree.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method(
                    "Twice",
                    List.of(in("number", INT32)),
                    List.of(out("twice", INT32)),
                    running::add)
                .build());
    var _ =
        other
            .served()
            .objects(tree)
            .limits(ConnectionLimits.DEFAULT.withCallsInProgress(2))
            .start();
    other.authenticates();
    other.sends(other.bytesOf(twice(1)), other.bytesOf(twice(2)), other.bytesOf(twice(3)));
    // Ping is answered when all three have been looked at.
    other.sends(ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping"));
    assertInstanceOf(MethodReturn.class, other.receives());
    assertEquals(2, running.size());
    running.remove().reply(Body.of(INT32, 2));
    assertInstanceOf(MethodReturn.class, other.receives());
    Invocation second = running.take();
    Invocation third = running.take();
    second.reply(Body.of(INT32, 4));
    third.reply(Body.of(INT32, 6));
  }

  @Test
  @DisplayName(
      "CONN-33, CONN-37 after the end there is the closed event, and sending fails; no signal tells it")
  void noLocalSignal() throws Exception {
    var _ = opened.get().subscribe(SignalMatch.all(), signal -> senders.add(signal.sender()));
    opened.get().close(Duration.ZERO);
    assertEquals(CloseReason.Kind.LOCAL, opened.get().closed().toCompletableFuture().join().kind());
    assertThrows(IOException.class, () -> opened.get().send(signal()));
    assertEquals(0, senders.size());
  }
}
