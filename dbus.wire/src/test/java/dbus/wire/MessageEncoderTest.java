package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessageEncoderTest {
  private static final MethodCall PING = MethodCall.of(ObjectPath.ROOT, new MemberName("Ping"));

  @Test
  @DisplayName("MSG-23: all fields, in ascending order of their codes, in both byte orders")
  void allFields() {
    MethodCall call =
        MethodCall.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("M"))
            .withDestination(new BusName("c.d"))
            .withSender(new BusName(":1.2"))
            .withBody(
                Body.write(Signature.parse("h"), ByteOrder.LITTLE_ENDIAN, w -> w.writeUnixFd(0)))
            .withUnixFds(1);
    assertEquals(
        "6c010001 04000000 05000000 60000000".replace(" ", "")
            + "01016f00 02000000 2f61 00 0000000000".replace(" ", "")
            + "02017300 03000000 612e62 00 00000000".replace(" ", "")
            + "03017300 01000000 4d 00 000000000000".replace(" ", "")
            + "06017300 03000000 632e64 00 00000000".replace(" ", "")
            + "07017300 04000000 3a312e32 00 000000".replace(" ", "")
            + "08016700 01 68 00 00".replace(" ", "")
            + "09017500 01000000".replace(" ", "")
            + "00000000",
        HexFormat.of().formatHex(MessageEncoder.encode(call, 5, ByteOrder.LITTLE_ENDIAN)));
    assertEquals(
        "42010001 00000004 00000005 00000060".replace(" ", "")
            + "01016f00 00000002 2f61 00 0000000000".replace(" ", "")
            + "02017300 00000003 612e62 00 00000000".replace(" ", "")
            + "03017300 00000001 4d 00 000000000000".replace(" ", "")
            + "06017300 00000003 632e64 00 00000000".replace(" ", "")
            + "07017300 00000004 3a312e32 00 000000".replace(" ", "")
            + "08016700 01 68 00 00".replace(" ", "")
            + "09017500 00000001".replace(" ", "")
            + "00000000",
        HexFormat.of().formatHex(MessageEncoder.encode(call, 5, ByteOrder.BIG_ENDIAN)));
  }

  @Test
  @DisplayName("many messages wait behind each other and are taken in pieces of any size")
  void pieces() {
    for (int piece : List.of(1, 7, 16, 4096, 100_000)) {
      MessageEncoder encoder = new MessageEncoder();
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      ByteArrayOutputStream taken = new ByteArrayOutputStream();
      for (int serial = 1; serial <= 200; serial++) {
        Message message = PING.withBody(Body.of(Codec.STRING, "x".repeat(serial)));
        byte[] bytes = MessageEncoder.encode(message, serial, message.byteOrder());
        expected.writeBytes(bytes);
        assertEquals(bytes.length, encoder.append(message, serial));
        if (serial % 3 == 0) {
          take(encoder, piece, taken);
        }
      }
      while (encoder.size() > 0) {
        take(encoder, piece, taken);
      }
      assertArrayEquals(expected.toByteArray(), taken.toByteArray());
    }
  }

  private static void take(MessageEncoder encoder, int count, ByteArrayOutputStream target) {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    int size = encoder.size();
    int drained = encoder.drainTo(buffer);
    assertEquals(Math.min(count, size), drained);
    target.write(buffer.array(), 0, drained);
  }

  @Test
  @DisplayName("what waits can be written where it lies, and then discarded")
  void peekAndDiscard() {
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(PING, 1, ByteOrder.LITTLE_ENDIAN);
    byte[] expected = MessageEncoder.encode(PING, 1, ByteOrder.LITTLE_ENDIAN);
    ByteBuffer peeked = encoder.peek();
    byte[] got = new byte[peeked.remaining()];
    peeked.get(got);
    assertArrayEquals(expected, got);
    assertEquals(expected.length, encoder.size());
    encoder.discard(20);
    assertEquals(expected.length - 20, encoder.size());
    assertEquals(expected[20], encoder.peek().get());
    assertThrows(IllegalArgumentException.class, () -> encoder.discard(expected.length));
    assertThrows(IllegalArgumentException.class, () -> encoder.discard(-1));
    encoder.discard(encoder.size());
    assertEquals(0, encoder.size());
  }

  @Test
  @DisplayName("MSG-30: an error leaves no byte behind, and the encoder works on")
  void errorsBeforeTheFirstByte() {
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(PING, 1);
    int size = encoder.size();
    refuse(encoder, PING, 0);
    // NAME-10: reserved names are not sent.
    refuse(encoder, MethodCall.of(ObjectPath.LOCAL, new MemberName("Ping")), 1);
    refuse(
        encoder,
        Signal.of(new ObjectPath("/a"), InterfaceName.LOCAL, new MemberName("Disconnected")),
        1);
    // FD-05: an index beyond the descriptors.
    refuse(encoder, PING.withBody(Body.of(new Value.UnixFd(0))), 1);
    refuse(encoder, PING.withBody(Body.of(new Value.UnixFd(2))).withUnixFds(2), 1);
    refuse(
        encoder,
        PING.withBody(Body.of(Value.Array.of(BasicType.UNIX_FD, new Value.UnixFd(2))))
            .withUnixFds(2),
        1);
    assertEquals(size, encoder.size());
    encoder.append(PING, 2);
    assertEquals(2 * size, encoder.size());
  }

  @Test
  @DisplayName("MSG-03: header fields over 64 MiB are not sent")
  void headerLimit() {
    MessageEncoder encoder = new MessageEncoder();
    ObjectPath path = new ObjectPath("/" + "a".repeat(1 << 26));
    refuse(encoder, MethodCall.of(path, new MemberName("Ping")), 1);
    assertEquals(0, encoder.size());
  }

  @Test
  @DisplayName("MSG-03: a message of exactly 128 MiB is encoded and decoded, one byte more refused")
  void messageLimit() throws InvalidMessageException {
    // The header of PING with the signature ayay takes 64 bytes, and each length 4.
    int second = (1 << 27) - 64 - 4 - (1 << 26) - 4;
    byte[] bytes = MessageEncoder.encode(twoArrays(second), 1, ByteOrder.nativeOrder());
    assertEquals(1 << 27, bytes.length);
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(ByteBuffer.wrap(bytes));
    assertEquals((1 << 27) - 64, decoder.next().orElseThrow().body().length());
    MessageEncoder encoder = new MessageEncoder();
    refuse(encoder, twoArrays(second + 1), 1);
  }

  private static Message twoArrays(int second) {
    return PING.withBody(
        Body.write(
            Signature.parse("ayay"),
            w -> {
              w.writeByteArray(new byte[1 << 26]);
              w.writeByteArray(new byte[second]);
            }));
  }

  @Test
  @DisplayName("SEC-31: serials above 2^31 are written as they are")
  void highSerial() throws InvalidMessageException {
    for (int serial : List.of(Integer.MAX_VALUE, Integer.MIN_VALUE, -3, -1)) {
      MessageDecoder decoder = new MessageDecoder();
      decoder.feed(ByteBuffer.wrap(MessageEncoder.encode(PING, serial, ByteOrder.BIG_ENDIAN)));
      assertEquals(serial, decoder.next().orElseThrow().serial());
    }
  }

  @Test
  @DisplayName("padding is zero also where bytes of an earlier message lay")
  void paddingInAUsedBuffer() {
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(PING.withBody(Body.of(Codec.STRING, "\u007f".repeat(400))), -1);
    encoder.discard(encoder.size());
    MethodCall call = MethodCall.of(new ObjectPath("/a"), new MemberName("M"));
    encoder.append(call, 1, ByteOrder.LITTLE_ENDIAN);
    ByteBuffer got = ByteBuffer.allocate(encoder.size());
    encoder.drainTo(got);
    assertArrayEquals(MessageEncoder.encode(call, 1, ByteOrder.LITTLE_ENDIAN), got.array());
    assertTrue(got.array().length < 400);
  }

  private static void refuse(MessageEncoder encoder, Message message, int serial) {
    assertThrows(IllegalArgumentException.class, () -> encoder.append(message, serial));
  }

  private static MethodCall large(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + length);
    }
    return PING.withBody(Body.of(Codec.BYTES, bytes));
  }

  /// Small messages, and some whose bodies are too large to be copied.
  private static List<MethodCall> smallAndLarge() {
    List<MethodCall> all = new ArrayList<>();
    all.add(large(100_000));
    // So many that the encoder's array has to grow meanwhile.
    all.addAll(Collections.nCopies(30, PING));
    all.addAll(List.of(large(10), large(40_000), large(70_000), PING, PING, large(1 << 20)));
    return all;
  }

  private static void isAll(ByteArrayOutputStream taken) throws InvalidMessageException {
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(ByteBuffer.wrap(taken.toByteArray()));
    int serial = 0;
    for (MethodCall call : smallAndLarge()) {
      assertEquals(call.withSerial(++serial), decoder.next().orElseThrow());
    }
    assertTrue(decoder.next().isEmpty());
    assertEquals(0, decoder.pending());
  }

  @Test
  @DisplayName("large bodies stand in their places, whatever the pieces that are taken")
  void largeBodiesInPieces() throws InvalidMessageException {
    for (int piece : List.of(1000, 40_001, 1 << 16, 4 << 20)) {
      MessageEncoder encoder = new MessageEncoder();
      ByteArrayOutputStream taken = new ByteArrayOutputStream();
      int serial = 0;
      for (MethodCall call : smallAndLarge()) {
        int before = encoder.size();
        int length = encoder.append(call, ++serial);
        assertEquals(before + length, encoder.size());
        // Some leave before the next comes.
        take(encoder, Math.min(piece, 5000), taken);
      }
      while (encoder.size() > 0) {
        take(encoder, piece, taken);
      }
      isAll(taken);
    }
  }

  @Test
  @DisplayName("large bodies can be written where all lies, and discarded in pieces")
  void largeBodiesPeekedAndDiscarded() throws InvalidMessageException {
    MessageEncoder encoder = new MessageEncoder();
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    int serial = 0;
    for (MethodCall call : smallAndLarge()) {
      encoder.append(call, ++serial);
      ByteBuffer peeked = encoder.peek();
      int count = Math.min(70_001, peeked.remaining());
      byte[] first = new byte[count];
      peeked.get(first);
      taken.writeBytes(first);
      encoder.discard(count);
    }
    take(encoder, encoder.size(), taken);
    isAll(taken);
  }

  @Test
  @DisplayName("a large body can be discarded without being looked at")
  void largeBodyDiscarded() {
    MessageEncoder encoder = new MessageEncoder();
    int length = encoder.append(large(100_000), 1);
    int second = encoder.append(PING, 2);
    encoder.discard(length / 2);
    encoder.discard(length - length / 2);
    assertEquals(second, encoder.size());
    ByteBuffer rest = ByteBuffer.allocate(second);
    encoder.drainTo(rest);
    assertArrayEquals(MessageEncoder.encode(PING, 2, PING.byteOrder()), rest.array());
  }
}
