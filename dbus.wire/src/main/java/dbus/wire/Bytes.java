package dbus.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Numbers in byte arrays, in either byte order. The one in which the machine works costs one move,
/// the other a swap more.
final class Bytes {
  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);

  /// The longest array that every JVM can make.
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private Bytes() {}

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  static short getShort(byte[] data, int at, boolean little) {
    short value = (short) SHORTS.get(data, at);
    return little ? value : Short.reverseBytes(value);
  }

  static int getInt(byte[] data, int at, boolean little) {
    int value = (int) INTS.get(data, at);
    return little ? value : Integer.reverseBytes(value);
  }

  static long getLong(byte[] data, int at, boolean little) {
    long value = (long) LONGS.get(data, at);
    return little ? value : Long.reverseBytes(value);
  }

  static void putShort(byte[] data, int at, short value, boolean little) {
    SHORTS.set(data, at, little ? value : Short.reverseBytes(value));
  }

  static void putInt(byte[] data, int at, int value, boolean little) {
    INTS.set(data, at, little ? value : Integer.reverseBytes(value));
  }

  static void putLong(byte[] data, int at, long value, boolean little) {
    LONGS.set(data, at, little ? value : Long.reverseBytes(value));
  }

  /// The next multiple of an alignment.
  static int align(int at, int alignment) {
    return (at + alignment - 1) & -alignment;
  }

  /// A number that depends on all of some bytes; eight a step.
  static int hash(byte[] data, int from, int length) {
    long hash = length;
    int at = from;
    int to = from + length;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = (hash ^ getLong(data, at, true)) * 0x9e37_79b9_7f4a_7c15L;
      hash ^= hash >>> 32;
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = rest << 8 | (data[at] & 0xff);
    }
    hash = (hash ^ rest) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (hash >>> 40);
  }

  /// The length of an array that grows from `length` to hold at least `needed` bytes, and then
  /// some.
  static int grown(int length, long needed) {
    if (needed > MAX_LENGTH) {
      throw new IllegalStateException("more than 2 GiB wait to be sent");
    }
    return (int) Math.max(needed, Math.min(2L * length, MAX_LENGTH));
  }

  /// Whether the bytes of a text, all of which are there, are these.
  static boolean startsWith(byte[] data, int from, byte[] text) {
    int last = text.length - Long.BYTES;
    if (last < 0) {
      return Arrays.equals(data, from, from + text.length, text, 0, text.length);
    }
    for (int i = 0; i < last; i += Long.BYTES) {
      if (getLong(data, from + i, true) != getLong(text, i, true)) {
        return false;
      }
    }
    // The last eight, some of which have been compared before.
    return getLong(data, from + last, true) == getLong(text, last, true);
  }

  /// Turns the elements of a packed array from one byte order to the other, in place.
  static void swap(byte[] data, int from, int to, int size) {
    switch (size) {
      case 1 -> {}
      case 2 -> {
        for (int i = from; i < to; i += 2) {
          putShort(data, i, getShort(data, i, true), false);
        }
      }
      case 4 -> {
        for (int i = from; i < to; i += 4) {
          putInt(data, i, getInt(data, i, true), false);
        }
      }
      case 8 -> {
        for (int i = from; i < to; i += 8) {
          putLong(data, i, getLong(data, i, true), false);
        }
      }
      default -> throw new AssertionError("no type has size " + size);
    }
  }
}
