package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Without copies: bodies written into the encoder, messages decoded where they lie")
class InPlaceTest {
  private static final Signature SIGNATURE = Signature.parse("ya{sv}atai");
  private static final MethodCall CALL =
      MethodCall.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("Put"));

  private static void write(WireWriter w, int size) {
    w.writeByte(7);
    w.beginArray();
    for (int i = 0; i < size; i++) {
      w.beginDictEntry();
      w.writeString("k".repeat(i) + "é");
      w.beginVariant(BasicType.INT64);
      w.writeInt64(i);
      w.endVariant();
      w.endDictEntry();
    }
    w.endArray();
    w.beginArray();
    w.endArray();
    w.writeInt32Array(new int[size]);
  }

  private static byte[] take(MessageEncoder encoder) {
    ByteBuffer bytes = ByteBuffer.allocate(encoder.size());
    encoder.drainTo(bytes);
    return bytes.array();
  }

  @Test
  @DisplayName("WIRE-07: arguments written into the encoder give the bytes that a body gives")
  void sameBytes() {
    for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
      MessageEncoder encoder = new MessageEncoder();
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      // Behind each other, so that messages begin at places that are no multiple of 8.
      for (int i = 1; i < 60; i++) {
        int size = i;
        Body body = Body.write(SIGNATURE, order, w -> write(w, size));
        byte[] bytes = MessageEncoder.encode(CALL.withBody(body), i, order);
        expected.writeBytes(bytes);
        assertEquals(bytes.length, encoder.append(CALL, i, order, SIGNATURE, w -> write(w, size)));
        if (i % 7 == 0) {
          encoder.discard(3);
          byte[] rest = Arrays.copyOfRange(expected.toByteArray(), 3, expected.size());
          assertArrayEquals(rest, take(encoder));
          expected.reset();
        }
      }
      assertArrayEquals(expected.toByteArray(), take(encoder));
    }
  }

  @Test
  @DisplayName("a message without arguments is written the same way")
  void noArguments() {
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(CALL, 1, LITTLE_ENDIAN, Signature.EMPTY, w -> {});
    assertArrayEquals(MessageEncoder.encode(CALL, 1, LITTLE_ENDIAN), take(encoder));
  }

  @Test
  @DisplayName("what the arguments do wrong leaves what waits as it was")
  void failuresLeaveTheBufferAsItWas() {
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(CALL, 1, LITTLE_ENDIAN);
    byte[] before = MessageEncoder.encode(CALL, 1, LITTLE_ENDIAN);
    Signature s = Signature.parse("s");
    List<Consumer<WireWriter>> wrong =
        List.of(
            w -> {},
            w -> w.writeInt32(1),
            w -> w.writeString("\0"),
            w -> {
              w.writeString("x".repeat(100_000));
              throw new IllegalStateException("of the caller");
            },
            w -> encoder.append(CALL, 2),
            w -> encoder.append(CALL, 2, s, x -> x.writeString("")),
            w -> encoder.discard(1));
    for (Consumer<WireWriter> arguments : wrong) {
      assertThrows(RuntimeException.class, () -> encoder.append(CALL, 2, s, arguments));
      assertEquals(before.length, encoder.size());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> encoder.append(CALL, 2, Signature.parse("h"), w -> w.writeUnixFd(0)));
    assertThrows(
        IllegalArgumentException.class, () -> encoder.append(CALL, 0, s, w -> w.writeString("")));
    encoder.append(CALL, 3, LITTLE_ENDIAN, s, w -> w.writeString("well"));
    assertArrayEquals(before, Arrays.copyOf(take(encoder), before.length));
  }

  @Test
  @DisplayName("MSG-03: a message of more than 128 MiB is refused while it is written")
  void tooLong() {
    MessageEncoder encoder = new MessageEncoder();
    byte[] half = new byte[1 << 26];
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                encoder.append(
                    CALL,
                    1,
                    Signature.parse("ayay"),
                    w -> {
                      w.writeByteArray(half);
                      w.writeByteArray(half);
                    }));
    assertEquals("a message has at most 134217728 bytes", e.getMessage());
    assertEquals(0, encoder.size());
  }

  @Test
  @DisplayName("a writer that is kept is of no use once its message is complete")
  void keptWriter() {
    MessageEncoder encoder = new MessageEncoder();
    AtomicReference<WireWriter> kept = new AtomicReference<>();
    encoder.append(
        CALL,
        1,
        Signature.parse("s"),
        w -> {
          kept.set(w);
          w.writeString("text");
        });
    assertThrows(IllegalStateException.class, () -> kept.get().writeString("more"));
  }

  @Test
  @DisplayName("one reader serves many bodies, however far it came in the last")
  void oneReader() {
    Body strings = Body.of(Codec.listOf(Codec.STRING), List.of("a", "b"));
    Body number = Body.write(Signature.parse("i"), BIG_ENDIAN, w -> w.writeInt32(5));
    WireReader reader = Body.EMPTY.reader();
    assertFalse(reader.hasNext());
    for (int round = 0; round < 2; round++) {
      reader.reset(strings);
      reader.enterArray();
      assertEquals("a", reader.readString());
      reader.reset(number);
      assertEquals(5, reader.readInt32());
      assertThrows(IllegalStateException.class, reader::leaveArray);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "16", "17", "1000"})
  @DisplayName("arrays of fixed-size elements are read into arrays that are there")
  void intoTargets(int count) {
    byte[] bytes = new byte[count];
    short[] shorts = new short[count];
    int[] ints = new int[count];
    long[] longs = new long[count];
    double[] doubles = new double[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i + 1);
      shorts[i] = (short) (i * 0x101);
      ints[i] = i * 0x1010101;
      longs[i] = i * 0x101010101010101L;
      doubles[i] = i / 3.0;
    }
    for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
      WireReader r =
          Body.write(
                  Signature.parse("ayanaiaxad"),
                  order,
                  w -> {
                    w.writeByteArray(bytes);
                    w.writeInt16Array(shorts);
                    w.writeInt32Array(ints);
                    w.writeInt64Array(longs);
                    w.writeDoubleArray(doubles);
                  })
              .reader();
      byte[] bytesRead = new byte[count + 1];
      short[] shortsRead = new short[count + 1];
      int[] intsRead = new int[count + 1];
      long[] longsRead = new long[count + 1];
      double[] doublesRead = new double[count + 1];
      assertEquals(count, r.readByteArray(bytesRead));
      assertEquals(count, r.readInt16Array(shortsRead));
      assertEquals(count, r.readInt32Array(intsRead));
      assertEquals(count, r.readInt64Array(longsRead));
      assertEquals(count, r.readDoubleArray(doublesRead));
      assertFalse(r.hasNext());
      assertArrayEquals(Arrays.copyOf(bytes, count + 1), bytesRead);
      assertArrayEquals(Arrays.copyOf(shorts, count + 1), shortsRead);
      assertArrayEquals(Arrays.copyOf(ints, count + 1), intsRead);
      assertArrayEquals(Arrays.copyOf(longs, count + 1), longsRead);
      assertArrayEquals(Arrays.copyOf(doubles, count + 1), doublesRead);
    }
  }

  @Test
  @DisplayName("a target that is too short is refused, and the array can still be read")
  void shortTarget() {
    WireReader r = Body.of(Codec.INT32_ARRAY, new int[] {1, 2, 3}).reader();
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> r.readInt32Array(new int[2]));
    assertEquals("the array has 3 elements, the target has room for 2", e.getMessage());
    assertArrayEquals(new int[] {1, 2, 3}, r.readInt32Array());
  }

  @Test
  @DisplayName("a message is decoded where it lies, and its names are shared with the one before")
  void decodedInPlace() throws InvalidMessageException {
    Message call = CALL.withBody(Body.of(Codec.STRING, "text"));
    byte[] bytes = MessageEncoder.encode(call, 9, BIG_ENDIAN);
    MethodCall one = (MethodCall) MessageDecoder.decode(bytes);
    MethodCall two = (MethodCall) MessageDecoder.decode(bytes.clone());
    assertEquals(CALL.withBody(Body.of(Codec.STRING, "text")).withSerial(9), one);
    assertSame(one.path(), two.path());
    assertSame(one.member(), two.member());
    // The body is a view: this is what must not be done, and what shows that nothing was copied.
    bytes[bytes.length - 2] = 'T';
    assertEquals("texT", one.body().reader().readString());
  }

  @Test
  @DisplayName("MSG-02: an array that is no whole message is refused with the place where it ends")
  void notWhole() {
    byte[] bytes = MessageEncoder.encode(CALL, 1, LITTLE_ENDIAN);
    for (int length : List.of(0, 15, 16, bytes.length - 1)) {
      InvalidMessageException e =
          assertThrows(
              InvalidMessageException.class,
              () -> MessageDecoder.decode(Arrays.copyOf(bytes, length)));
      assertEquals(Violation.OVERRUN, e.violation());
      assertEquals(length, e.offset());
    }
    InvalidMessageException e =
        assertThrows(
            InvalidMessageException.class,
            () -> MessageDecoder.decode(Arrays.copyOf(bytes, bytes.length + 1)));
    assertEquals(Violation.BODY_TOO_LONG, e.violation());
    assertEquals(bytes.length, e.offset());
  }
}
