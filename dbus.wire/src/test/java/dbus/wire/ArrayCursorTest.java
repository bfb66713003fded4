package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The cursors, at whole arrays")
class ArrayCursorTest {
  @Test
  @DisplayName("copy arrays of fixed-size elements at once, in both byte orders")
  void packedArrays() {
    for (ByteOrder order : CursorTest.ORDERS) {
      Body body =
          Body.write(
              Signature.parse("ayanaiaxadat"),
              order,
              w -> {
                w.writeByteArray((byte) 1, (byte) -1);
                w.writeInt16Array((short) 1, (short) -2);
                w.writeInt32Array(1, -2, 3);
                w.writeInt64Array(1, Long.MIN_VALUE);
                w.writeDoubleArray(0.5, -0.0);
                w.beginArray(BasicType.UINT64);
                w.writeUInt64Bits(9);
                w.endArray();
              });
      WireReader r = body.reader();
      assertArrayEquals(new byte[] {1, -1}, r.readByteArray());
      assertArrayEquals(new short[] {1, -2}, r.readInt16Array());
      assertArrayEquals(new int[] {1, -2, 3}, r.readInt32Array());
      assertArrayEquals(new long[] {1, Long.MIN_VALUE}, r.readInt64Array());
      assertArrayEquals(new double[] {0.5, -0.0}, r.readDoubleArray());
      r.enterArray();
      assertEquals(9, r.readUInt64Bits());
      r.leaveArray();
      assertFalse(r.hasNext());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 17, 100})
  @DisplayName("copy arrays of unsigned numbers, booleans, and descriptors at once, of any length")
  void packedUnsigned(int count) {
    boolean[] booleans = new boolean[count];
    short[] shorts = new short[count];
    int[] ints = new int[count];
    long[] longs = new long[count];
    int[] fds = new int[count];
    for (int i = 0; i < count; i++) {
      booleans[i] = i % 3 == 0;
      shorts[i] = (short) (-1 - i);
      ints[i] = -1 - i;
      longs[i] = -1L - i;
      fds[i] = i;
    }
    for (ByteOrder order : CursorTest.ORDERS) {
      Body body =
          Body.write(
              Signature.parse("yabaqauatah"),
              order,
              w -> {
                w.writeByte(1);
                w.writeBooleanArray(booleans);
                w.writeUInt16BitsArray(shorts);
                w.writeUInt32BitsArray(ints);
                w.writeUInt64BitsArray(longs);
                w.writeUnixFdArray(fds);
              });
      assertEquals(count, body.requiredUnixFds());
      // As one by one.
      assertEquals(body, Body.of(body.values().toArray(Value[]::new)));

      WireReader r = body.reader();
      r.readByte();
      assertArrayEquals(booleans, r.readBooleanArray());
      assertArrayEquals(shorts, r.readUInt16BitsArray());
      assertArrayEquals(ints, r.readUInt32BitsArray());
      assertArrayEquals(longs, r.readUInt64BitsArray());
      assertArrayEquals(fds, r.readUnixFdArray());
      assertFalse(r.hasNext());

      r.reset(body);
      r.readByte();
      boolean[] readBooleans = new boolean[count];
      short[] readShorts = new short[count];
      int[] readInts = new int[count];
      long[] readLongs = new long[count];
      int[] readFds = new int[count];
      if (count > 0) {
        assertThrows(IllegalArgumentException.class, () -> r.readBooleanArray(new boolean[0]));
      }
      assertEquals(count, r.readBooleanArray(readBooleans));
      assertEquals(count, r.readUInt16BitsArray(readShorts));
      assertEquals(count, r.readUInt32BitsArray(readInts));
      assertEquals(count, r.readUInt64BitsArray(readLongs));
      assertEquals(count, r.readUnixFdArray(readFds));
      assertArrayEquals(booleans, readBooleans);
      assertArrayEquals(shorts, readShorts);
      assertArrayEquals(ints, readInts);
      assertArrayEquals(longs, readLongs);
      assertArrayEquals(fds, readFds);
    }
  }

  @Test
  @DisplayName(
      "refuse arrays of numbers where those of another sign are next, or a descriptor lacks")
  void packedMismatch() {
    CursorTest.refuse("ai", w -> w.writeUInt32BitsArray(1));
    CursorTest.refuse("u", w -> w.writeUInt32BitsArray(1));
    CursorTest.refuse("an", w -> w.writeUInt16BitsArray((short) 1));
    CursorTest.refuse("au", w -> w.writeUnixFdArray(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> Body.write(Signature.parse("ah"), w -> w.writeUnixFdArray(0, 253)));
    WireReader r = Body.of(Value.Array.ofInt64s(1)).reader();
    assertThrows(IllegalStateException.class, r::readUInt64BitsArray);
    assertEquals(1, r.readInt64Array()[0]);
  }

  @Test
  @DisplayName("WIRE-13: an array of exactly 64 MiB is written, one element more is refused")
  void arrayLimit() {
    byte[] bytes = new byte[1 << 26];
    assertEquals((1 << 26) + 4, Body.of(Codec.BYTES, bytes).length());
    assertThrows(
        IllegalArgumentException.class, () -> Body.of(Codec.BYTES, new byte[(1 << 26) + 1]));
    assertThrows(
        IllegalArgumentException.class, () -> Body.of(Codec.INT32_ARRAY, new int[(1 << 24) + 1]));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Body.write(
                Signature.parse("aay"),
                w -> {
                  w.beginArray();
                  w.writeByteArray(bytes);
                  w.endArray();
                }));
  }
}
