package dbus.wire;

import static dbus.wire.Decoding.decoder;
import static dbus.wire.Decoding.refuse;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How bytes are cut into messages, and which lengths are accepted.
class MessageDecoderTest {
  private static final List<ByteOrder> ORDERS = List.of(LITTLE_ENDIAN, BIG_ENDIAN);

  @Test
  @DisplayName(
      "MSG-32: what is complete before an invalid message comes out, in order, then the error, for good")
  void messagesBeforeTheError() throws InvalidMessageException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(MessageVector.get("V-01").bytes());
    bytes.writeBytes(MessageVector.get("V-03").bytes());
    bytes.writeBytes(MessageVector.get("V-13").bytes());
    bytes.writeBytes(MessageVector.get("V-01").bytes());
    MessageDecoder decoder = decoder(bytes.toByteArray());
    assertTrue(decoder.next().orElseThrow() instanceof MethodCall);
    assertTrue(decoder.next().orElseThrow() instanceof MethodReturn);
    InvalidMessageException first = assertThrows(InvalidMessageException.class, decoder::next);
    assertEquals(Violation.SERIAL_ZERO, first.violation());
    assertSame(first, assertThrows(InvalidMessageException.class, decoder::next));
    assertThrows(IllegalStateException.class, () -> decoder.feed(ByteBuffer.allocate(1)));
  }

  @Test
  @DisplayName("bytes that wait to be taken are not replaced")
  void feedTooEarly() throws InvalidMessageException {
    MessageDecoder decoder = decoder(MessageVector.get("V-01").bytes());
    assertThrows(IllegalStateException.class, () -> decoder.feed(ByteBuffer.allocate(1)));
    assertTrue(decoder.next().isPresent());
    decoder.feed(ByteBuffer.wrap(MessageVector.get("V-03").bytes()));
    assertTrue(decoder.next().isPresent());
  }

  @Test
  @DisplayName("a message owns its bytes: the input can be used again at once")
  void ownBytes() throws InvalidMessageException {
    byte[] bytes = MessageVector.get("V-05").bytes();
    MessageDecoder decoder = decoder(bytes);
    Signal signal = (Signal) decoder.next().orElseThrow();
    Arrays.fill(bytes, (byte) 0xff);
    assertEquals(new MemberName("C"), signal.member());
    assertEquals(new Value.Byte(255), signal.body().values().getFirst());
  }

  @Test
  @DisplayName("direct, sliced, and big-endian buffers are read alike")
  void buffers() throws InvalidMessageException {
    byte[] bytes = MessageVector.get("V-06").bytes();
    for (ByteOrder order : ORDERS) {
      ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3).order(order);
      direct.position(3).put(bytes).position(3);
      MessageDecoder decoder = new MessageDecoder();
      decoder.feed(direct);
      assertEquals(258, decoder.next().orElseThrow().serial());
      assertEquals(false, direct.hasRemaining());
    }
  }

  @Test
  @DisplayName("MSG-29: the length is known from 16 bytes, not from 15")
  void messageLength() throws InvalidMessageException {
    for (MessageVector vector : MessageVector.valid()) {
      byte[] bytes = vector.bytes();
      assertEquals(
          OptionalInt.of(bytes.length),
          MessageDecoder.messageLength(ByteBuffer.wrap(bytes, 0, 16)));
      ByteBuffer fewer = ByteBuffer.wrap(bytes, 0, 15);
      assertEquals(OptionalInt.empty(), MessageDecoder.messageLength(fewer));
      assertEquals(15, fewer.remaining());
    }
    assertThrows(
        InvalidMessageException.class,
        () -> MessageDecoder.messageLength(ByteBuffer.wrap(MessageVector.get("V-15").bytes())));
  }

  @Test
  @DisplayName("the decoder tells how far it is")
  void progress() throws InvalidMessageException {
    byte[] bytes = MessageVector.get("V-01").bytes();
    MessageDecoder decoder = new MessageDecoder();
    assertEquals(0, decoder.pending());
    assertEquals(16, decoder.missing());
    decoder.feed(ByteBuffer.wrap(bytes, 0, 10));
    assertEquals(Optional.empty(), decoder.next());
    assertEquals(10, decoder.pending());
    assertEquals(6, decoder.missing());
    decoder.feed(ByteBuffer.wrap(bytes, 10, 10));
    assertEquals(Optional.empty(), decoder.next());
    assertEquals(20, decoder.pending());
    assertEquals(bytes.length - 20, decoder.missing());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -8, (1 << 27) - 47})
  @DisplayName("MSG-02, MSG-03, SEC-31: a body too long is refused at byte 16")
  void bodyTooLong(int length) {
    byte[] start = MessageVector.get("V-04").bytes();
    ByteBuffer.wrap(start).order(LITTLE_ENDIAN).putInt(4, length);
    refuse(Violation.MESSAGE_TOO_LONG, 4, Arrays.copyOf(start, 16));
  }

  @Test
  @DisplayName("MSG-03: exactly 2^27 is announced without being refused, nor reserved")
  void longestMessage() throws InvalidMessageException {
    byte[] start = MessageVector.get("V-04").bytes();
    ByteBuffer.wrap(start).order(LITTLE_ENDIAN).putInt(4, (1 << 27) - 48);
    MessageDecoder decoder = decoder(start);
    assertEquals(Optional.empty(), decoder.next());
    assertEquals((1 << 27) - 48, decoder.missing());
  }

  @Test
  @DisplayName(
      "CONN-42: what is announced long and comes slowly takes twice the memory of what has come")
  void longAndSlow() throws InvalidMessageException {
    byte[] start = MessageVector.get("V-04").bytes();
    ByteBuffer.wrap(start).order(LITTLE_ENDIAN).putInt(4, (1 << 27) - 48);
    MessageDecoder decoder = decoder(start);
    int come = start.length;
    for (byte[] piece = new byte[10_000]; come < 3 << 20; come += piece.length) {
      assertEquals(Optional.empty(), decoder.next());
      int reserved = decoder.reserved();
      assertTrue(
          reserved <= Math.max(1 << 16, 2 * come), reserved + " bytes for " + come + " that came");
      decoder.feed(ByteBuffer.wrap(piece));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {(1 << 26) + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
  @DisplayName("MSG-03, SEC-31: header fields too long are refused at byte 16")
  void headerTooLong(int length) {
    byte[] start = new byte[16];
    System.arraycopy(MessageVector.get("V-04").bytes(), 0, start, 0, 16);
    ByteBuffer.wrap(start).order(LITTLE_ENDIAN).putInt(12, length);
    refuse(Violation.HEADER_TOO_LONG, 12, start);
  }

  @Test
  @DisplayName("MSG-03: a lower limit is applied at byte 16")
  void lowerLimit() throws InvalidMessageException {
    byte[] bytes = MessageVector.get("V-05").bytes();
    MessageDecoder exact = new MessageDecoder(bytes.length);
    exact.feed(ByteBuffer.wrap(bytes));
    assertTrue(exact.next().isPresent());
    MessageDecoder lower = new MessageDecoder(bytes.length - 1);
    lower.feed(ByteBuffer.wrap(bytes, 0, 16));
    InvalidMessageException e = assertThrows(InvalidMessageException.class, lower::next);
    assertEquals(Violation.MESSAGE_TOO_LONG, e.violation());
    assertThrows(IllegalArgumentException.class, () -> new MessageDecoder(15));
    assertThrows(IllegalArgumentException.class, () -> new MessageDecoder((1 << 27) + 1));
  }

  @Test
  @DisplayName("WIRE-13: an array of exactly 64 MiB is accepted")
  void longestArray() throws InvalidMessageException {
    byte[] bytes = withBody("ay", 4 + (1 << 26));
    int bodyAt = bytes.length - 4 - (1 << 26);
    ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).putInt(bodyAt, 1 << 26);
    WireReader reader = MessageDecoder.decode(bytes).body().reader();
    reader.skip();
    assertFalse(reader.hasNext());
  }

  @Test
  @DisplayName("WIRE-13: an array of one byte more is refused, though all its bytes are there")
  void arrayOneByteTooLong() {
    int length = (1 << 26) + 1;
    byte[] bytes = withBody("ay", 4 + length);
    int bodyAt = bytes.length - 4 - length;
    ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).putInt(bodyAt, length);
    InvalidMessageException e =
        assertThrows(InvalidMessageException.class, () -> MessageDecoder.decode(bytes));
    assertEquals(Violation.ARRAY_TOO_LONG, e.violation());
    assertEquals(bodyAt, e.offset());
  }

  @Test
  @DisplayName("MSG-03: a message of exactly 128 MiB is accepted")
  void longestMessageWhole() throws InvalidMessageException {
    int header = RawMessage.ping(LITTLE_ENDIAN).signature("ayay").bytes().length;
    byte[] bytes = withBody("ayay", (1 << 27) - header);
    assertEquals(1 << 27, bytes.length);
    int second = header + 4 + (1 << 26);
    ByteBuffer.wrap(bytes)
        .order(LITTLE_ENDIAN)
        .putInt(header, 1 << 26)
        .putInt(second, bytes.length - second - 4);
    assertEquals(bytes.length - header, MessageDecoder.decode(bytes).body().length());
  }

  @Test
  @DisplayName("MSG-03: a message of one byte more is refused, though all its bytes are there")
  void messageOneByteTooLong() {
    int header = RawMessage.ping(LITTLE_ENDIAN).signature("ayay").bytes().length;
    byte[] bytes = withBody("ayay", (1 << 27) - header + 1);
    InvalidMessageException e =
        assertThrows(InvalidMessageException.class, () -> MessageDecoder.decode(bytes));
    assertEquals(Violation.MESSAGE_TOO_LONG, e.violation());
    assertEquals(4, e.offset());
  }

  /// A message with a body of zeros, in one array and without a copy.
  private static byte[] withBody(String signature, int length) {
    byte[] header = RawMessage.ping(LITTLE_ENDIAN).signature(signature).bytes();
    byte[] bytes = new byte[header.length + length];
    System.arraycopy(header, 0, bytes, 0, header.length);
    ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).putInt(4, length);
    return bytes;
  }

  @Test
  @DisplayName("a long message that comes in pieces is put together")
  void longMessageInPieces() throws InvalidMessageException {
    byte[] payload = new byte[1_000_000];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) (i * 31);
    }
    Message message =
        MethodCall.of(ObjectPath.ROOT, new MemberName("Ping"))
            .withBody(Body.of(Codec.BYTES, payload))
            .withSerial(1);
    byte[] bytes = MessageEncoder.encode(message, 1, ByteOrder.nativeOrder());
    MessageDecoder decoder = new MessageDecoder();
    Optional<Message> got = Optional.empty();
    for (int at = 0; at < bytes.length; at += 4099) {
      assertTrue(got.isEmpty());
      decoder.feed(ByteBuffer.wrap(bytes, at, Math.min(4099, bytes.length - at)));
      got = decoder.next();
    }
    assertEquals(Optional.of(message), got);
  }

  @Test
  @DisplayName("SEC-36: a million messages of 16 bytes come out of one buffer after another")
  void manySmallMessages() throws InvalidMessageException {
    byte[] one = MessageVector.get("V-07").bytes();
    ByteBuffer thousand = ByteBuffer.allocate(1000 * one.length + 5);
    MessageDecoder decoder = new MessageDecoder();
    int count = 0;
    for (int i = 0; i < 1000; i++) {
      thousand.clear();
      for (int k = 0; k < 1000; k++) {
        thousand.put(one);
      }
      decoder.feed(thousand.flip());
      while (decoder.next().isPresent()) {
        count++;
      }
    }
    assertEquals(1_000_000, count);
  }
}
