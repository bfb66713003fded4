package dbus.connection;

import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.listOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Signature;
import dbus.wire.UnixFds;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Descriptors leave with their own message, and are closed here, whatever happens.
class UnixFdSendingTest extends UnixFdScene {

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
    // Fills the socket, so that all that follows is queued until the peer reads.
    connection.post(signal("Big", Body.of(STRING, "x".repeat(4 << 20))));
    for (int i = 0; i < rounds; i++) {
      connection.post(signal("Plain", Body.of(STRING, "x".repeat(i * 300))));
      connection.post(signal("With", withCopies(i % 3 + 1)));
    }
    assertEquals(0, peer.receives().unixFds());
    for (int i = 0; i < rounds; i++) {
      assertEquals(0, peer.receives().unixFds());
      Message with = peer.receives();
      assertEquals(i % 3 + 1, with.body().read(listOf(UNIX_FD)).size());
      with.body().unixFds().close();
    }
    pipe.isClosedEverywhere();
  }

  private static Signal signal(String member, Body body) {
    return Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName(member))
        .withBody(body);
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
}
