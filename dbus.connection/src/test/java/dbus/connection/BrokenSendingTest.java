package dbus.connection;

import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Credentials;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixFdsRefusedException;
import dbus.wire.Body;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.Signature;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What is lost when the operating system refuses a message, or when the peer has left.
class BrokenSendingTest extends UnixFdScene {

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
    public void readElsewhere() {
      transport.readElsewhere();
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
          public boolean received(ByteBuffer bytes, List<FileDescriptor> unixFds) {
            got.add(US_ASCII.decode(bytes).toString());
            return true;
          }

          @Override
          public boolean resumed() {
            throw new AssertionError("nobody is relieved here");
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
    // Another thread that reads would see the end of the stream before the write fails.
    CompletionStage<CloseReason> over =
        serve(side -> side.budget(connection -> new NoFurtherThread()));
    peer.authenticates();
    DBusConnection connection = opened.get();
    CompletableFuture<MethodReturn> one = connection.callAsync(call("One"), Duration.ofDays(1));
    MethodCall asked = assertInstanceOf(MethodCall.class, peer.receives());
    // While the thread that reads is held up, the answer comes, the peer leaves, and a write fails.
    CountDownLatch heldUp = new CountDownLatch(1);
    var _ =
        one.thenAccept(reply -> {
          heldUp.countDown();
          awaitUnchecked(reading);
        });
    CompletableFuture<MethodReturn> two = connection.callAsync(call("Two"), Duration.ofDays(1));
    MethodCall askedToo = assertInstanceOf(MethodCall.class, peer.receives());
    peer.sends(peer.bytesOf(MethodReturn.to(asked)));
    // Not one.get(): a thread that waits for a future may itself run what depends on it.
    heldUp.await();
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
