package dbus.connection;

import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UNIX_FD_INDEX;
import static dbus.wire.Codec.listOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CloseReason.Kind;
import dbus.wire.Body;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which message the descriptors belong to that come over a socket, and what ends the connection.
class UnixFdFramingTest extends UnixFdScene {

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
  @DisplayName("FD-09, CONN-44 descriptors that came while the connection was paused wait for it")
  void whilePaused() throws Exception {
    var _ = servePaused();
    opened.get().start();
    assertEquals("hello", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-19, CONN-44 a connection that is closed while it is paused leaves none open")
  void closedWhilePaused() throws Exception {
    CompletionStage<CloseReason> over = servePaused();
    opened.get().close();
    assertEquals(Kind.LOCAL, end(over).kind());
    pipe.isClosedEverywhere();
  }

  /// Until the thread that reads has left.
  private CompletionStage<CloseReason> servePaused() throws Exception {
    CompletableFuture<Thread> reader = new CompletableFuture<>();
    CompletionStage<CloseReason> over =
        serve(side ->
            side.paused()
                .onAuthenticated(connection -> {
                  var _ = connection.export(new ObjectPath(PATH), files);
                  opened.complete(connection);
                  return reader.complete(Thread.currentThread());
                }));
    byte[] handshake = RawPeer.HANDSHAKE.getBytes(US_ASCII);
    peer.sends(RawPeer.bytes(handshake, peer.bytesOf(callWithOne("Hello"))), pipe.writer());
    assertTrue(reader.get(20, TimeUnit.SECONDS).join(Duration.ofSeconds(20)));
    return over;
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

  @ParameterizedTest
  @ValueSource(strings = {"1", "16", "40", "last"})
  @DisplayName("FD-11 descriptors may come with a later byte than the first, up to the last")
  void withLaterByte(String where) throws Exception {
    var _ = serve();
    peer.authenticates();
    byte[] message = peer.bytesOf(callWithOne("Hello"));
    int cut = where.equals("last") ? message.length - 1 : Integer.parseInt(where);
    // The answer shows that the first piece has been read, so that the rest comes in another read.
    peer.sends(RawPeer.bytes(peer.bytesOf(call("Text")), Arrays.copyOf(message, cut)));
    reply();
    peer.sends(Arrays.copyOfRange(message, cut, message.length), pipe.writer());
    reply();
    assertEquals("hello", pipe.untilClosedEverywhere());
  }

  @Test
  @DisplayName("FD-11 several sets are those of one message, in the order in which they came")
  void severalSets() throws Exception {
    var _ = serve();
    peer.authenticates();
    for (int index = 0; index < 2; index++) {
      try (TracedPipe one = new TracedPipe();
          TracedPipe other = new TracedPipe()) {
        MethodCall call = call("Hello").withBody(Body.of(UNIX_FD_INDEX, index)).withUnixFds(2);
        byte[] message = peer.bytesOf(call);
        peer.sends(Arrays.copyOf(message, 1), one.writer());
        peer.sends(Arrays.copyOfRange(message, 1, message.length), other.writer());
        reply();
        assertEquals(index == 0 ? "hello" : "", one.untilClosedEverywhere());
        assertEquals(index == 1 ? "hello" : "", other.untilClosedEverywhere());
      }
    }
  }

  @Test
  @DisplayName("FD-11 one descriptor with each of the first bytes, as Twisted writes them")
  void oneWithEachByte() throws Exception {
    var _ = serve();
    peer.authenticates();
    List<Integer> all = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    MethodCall call =
        call("Count").withBody(Body.of(listOf(UNIX_FD_INDEX), all)).withUnixFds(all.size());
    byte[] message = peer.bytesOf(call);
    for (int i = 0; i < all.size(); i++) {
      peer.sends(new byte[] {message[i]}, pipe.writer());
    }
    peer.sends(Arrays.copyOfRange(message, all.size(), message.length));
    assertEquals(all.size(), reply().body().read(INT32));
    pipe.isClosedEverywhere();
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, 1, 1", "3, 1, 1", "1, 0, 2", "2, 0, 1"})
  @DisplayName("FD-03, FD-11 what came in two sets is counted when the message is complete")
  void anotherNumberInTwoSets(int declared, int first, int second) throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    byte[] message = peer.bytesOf(call("Text").withUnixFds(declared));
    peer.sends(Arrays.copyOf(message, 20), copies(first));
    peer.sends(Arrays.copyOfRange(message, 20, message.length), copies(second));
    refused(over);
  }

  @Test
  @DisplayName("FD-06, FD-11 no more are held for a message that is not complete than it may have")
  void noHoarding() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    byte[] message = peer.bytesOf(call("Text").withUnixFds(16));
    for (int i = 0; i <= 16; i++) {
      peer.sends(new byte[] {message[i]}, pipe.writer());
    }
    assertTrue(end(over).detail().startsWith("17 file descriptors came with one message"));
    pipe.isClosedEverywhere();
  }

  @Test
  @DisplayName("FD-06, FD-11 nor may it have more when it is complete, in sets that are few each")
  void tooManyInTwoSets() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    byte[] message = peer.bytesOf(call("Text").withUnixFds(20));
    peer.sends(Arrays.copyOf(message, 20), copies(10));
    peer.sends(Arrays.copyOfRange(message, 20, message.length), copies(10));
    refused(over);
  }

  @Test
  @DisplayName("FD-12 a set belongs to no message that is complete and has its own")
  void behindOneThatHasItsOwn() throws Exception {
    var _ = serve();
    peer.authenticates();
    try (TracedPipe second = new TracedPipe()) {
      byte[] one = peer.bytesOf(callWithOne("Hello"));
      byte[] two = peer.bytesOf(callWithOne("Hello"));
      peer.sends(Arrays.copyOf(one, 50), pipe.writer());
      byte[] rest = Arrays.copyOfRange(one, 50, one.length);
      peer.sends(RawPeer.bytes(rest, peer.bytesOf(call("Text")), two), second.writer());
      reply();
      reply();
      reply();
      assertEquals("hello", pipe.untilClosedEverywhere());
      assertEquals("hello", second.untilClosedEverywhere());
    }
  }

  @Test
  @DisplayName(
      "FD-12 a set with the end of one message and the beginning of the next is the first's")
  void withTheEndOfOne() throws Exception {
    var _ = serve();
    peer.authenticates();
    try (TracedPipe second = new TracedPipe()) {
      byte[] one = peer.bytesOf(callWithOne("Hello"));
      byte[] two = peer.bytesOf(callWithOne("Hello"));
      peer.sends(RawPeer.bytes(peer.bytesOf(call("Text")), Arrays.copyOf(one, 50)));
      reply();
      byte[] rest = Arrays.copyOfRange(one, 50, one.length);
      peer.sends(RawPeer.bytes(rest, Arrays.copyOf(two, 50)), pipe.writer());
      reply();
      peer.sends(Arrays.copyOfRange(two, 50, two.length), second.writer());
      reply();
      assertEquals("hello", pipe.untilClosedEverywhere());
      assertEquals("hello", second.untilClosedEverywhere());
    }
  }

  @Test
  @DisplayName("FD-03, FD-12 one set is not divided between two messages")
  void notDivided() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    byte[] one = peer.bytesOf(callWithOne("Hello"));
    byte[] two = peer.bytesOf(callWithOne("Hello"));
    peer.sends(RawPeer.bytes(one, two), copies(2));
    refused(over);
  }

  @Test
  @DisplayName("FD-03, FD-12 a set is not kept for a message that begins when it has been read")
  void notKept() throws Exception {
    CompletionStage<CloseReason> over = serve();
    peer.authenticates();
    byte[] plain = peer.bytesOf(call("Text"));
    peer.sends(RawPeer.bytes(peer.bytesOf(call("Text")), Arrays.copyOf(plain, 50)));
    reply();
    peer.sends(Arrays.copyOfRange(plain, 50, plain.length), pipe.writer());
    assertTrue(end(over).detail().contains("no message declares them"));
    pipe.isClosedEverywhere();
  }

  private UnixFd[] copies(int count) {
    return Collections.nCopies(count, pipe.writer()).toArray(UnixFd[]::new);
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
}
