package dbus.connection;

import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.wire.ErrorName;
import dbus.wire.Message;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What becomes of the file descriptors of a message that a filter does not let through as it is.
class UnixFdFilterTest extends UnixFdScene {

  private Registration filter(MessageFilter filter) throws Exception {
    var _ = serve();
    peer.authenticates();
    return opened.get(20, TimeUnit.SECONDS).addFilter(filter);
  }

  private void send(String member) throws Exception {
    peer.sends(peer.bytesOf(callWithOne(member)), pipe.writer());
  }

  private void expectText() throws Exception {
    peer.sends(peer.bytesOf(call("Text")));
    assertEquals("text", reply().body().read(STRING));
  }

  private static Optional<Message> unless(boolean dropped, Message message) {
    return dropped ? Optional.empty() : Optional.of(message);
  }

  @Test
  @DisplayName("FD-14 those of a call that a filter drops are closed")
  void droppedCall() throws Exception {
    filter((message, direction) -> unless(message.unixFds() > 0, message));
    send("Keep");
    expectText();
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-14 those of a call that another one takes the place of are closed")
  void replacedCall() throws Exception {
    filter((message, direction) -> Optional.of(message.unixFds() > 0 ? call("Text") : message));
    send("Keep");
    assertEquals("text", reply().body().read(STRING));
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-14 those of a call that a filter fails at are closed")
  void failedCall() throws Exception {
    filter((message, direction) -> {
      if (message.unixFds() > 0) {
        throw new IllegalStateException("on purpose");
      }
      return Optional.of(message);
    });
    send("Keep");
    assertEquals(ErrorName.FAILED, error());
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-14 a changed copy has them still")
  void changedCall() throws Exception {
    filter((message, direction) ->
        Optional.of(
            message instanceof MethodCall call
                ? call.withFlags(MessageFlag.NO_AUTO_START)
                : message));
    send("Keep");
    assertInstanceOf(MethodReturn.class, peer.receives());
    UnixFd taken = kept.poll(20, TimeUnit.SECONDS);
    say(taken, "hello");
    assertEquals("hello", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-14, FD-16 those of a reply that a filter drops are closed")
  void droppedReply() throws Exception {
    filter((message, direction) -> unless(message.unixFds() > 0, message));
    peer.sends(peer.bytesOf(call("Give")));
    expectText();
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-14, FD-16 an error takes the place of a reply that a filter fails at")
  void failedReply() throws Exception {
    filter((message, direction) -> {
      if (message.unixFds() > 0) {
        throw new IllegalStateException("on purpose");
      }
      return Optional.of(message);
    });
    peer.sends(peer.bytesOf(call("Give")));
    assertEquals(ErrorName.FAILED, error());
    pipe.isClosedEverywhere();
  }
}
