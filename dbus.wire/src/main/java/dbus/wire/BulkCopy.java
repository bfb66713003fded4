package dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Arrays of numbers to and from marshalled bytes: long ones in one copy, short ones, for which a
/// view of the bytes would cost more than the copy, number by number.
final class BulkCopy {
  private static final int SHORT = 16;

  private BulkCopy() {}

  static void put(boolean[] items, byte[] data, int at, boolean little) {
    for (int i = 0; i < items.length; i++) {
      Bytes.putInt(data, at + i * Integer.BYTES, items[i] ? 1 : 0, little);
    }
  }

  static void put(short[] items, byte[] data, int at, boolean little) {
    view(data, at, items.length * Short.BYTES, little).asShortBuffer().put(items);
  }

  static void put(int[] items, byte[] data, int at, boolean little) {
    if (items.length > SHORT) {
      view(data, at, items.length * Integer.BYTES, little).asIntBuffer().put(items);
      return;
    }
    for (int i = 0; i < items.length; i++) {
      Bytes.putInt(data, at + i * Integer.BYTES, items[i], little);
    }
  }

  static void put(long[] items, byte[] data, int at, boolean little) {
    if (items.length > SHORT) {
      view(data, at, items.length * Long.BYTES, little).asLongBuffer().put(items);
      return;
    }
    for (int i = 0; i < items.length; i++) {
      Bytes.putLong(data, at + i * Long.BYTES, items[i], little);
    }
  }

  static void put(double[] items, byte[] data, int at, boolean little) {
    if (items.length > SHORT) {
      view(data, at, items.length * Double.BYTES, little).asDoubleBuffer().put(items);
      return;
    }
    for (int i = 0; i < items.length; i++) {
      long bits = Double.doubleToRawLongBits(items[i]);
      Bytes.putLong(data, at + i * Double.BYTES, bits, little);
    }
  }

  static void get(byte[] data, int at, boolean little, boolean[] items, int count) {
    for (int i = 0; i < count; i++) {
      items[i] = Bytes.getInt(data, at + i * Integer.BYTES, little) != 0;
    }
  }

  static void get(byte[] data, int at, boolean little, short[] items, int count) {
    view(data, at, count * Short.BYTES, little).asShortBuffer().get(items, 0, count);
  }

  static void get(byte[] data, int at, boolean little, int[] items, int count) {
    if (count > SHORT) {
      view(data, at, count * Integer.BYTES, little).asIntBuffer().get(items, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      items[i] = Bytes.getInt(data, at + i * Integer.BYTES, little);
    }
  }

  static void get(byte[] data, int at, boolean little, long[] items, int count) {
    if (count > SHORT) {
      view(data, at, count * Long.BYTES, little).asLongBuffer().get(items, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      items[i] = Bytes.getLong(data, at + i * Long.BYTES, little);
    }
  }

  static void get(byte[] data, int at, boolean little, double[] items, int count) {
    if (count > SHORT) {
      view(data, at, count * Double.BYTES, little).asDoubleBuffer().get(items, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      items[i] = Double.longBitsToDouble(Bytes.getLong(data, at + i * Double.BYTES, little));
    }
  }

  private static ByteBuffer view(byte[] data, int at, int length, boolean little) {
    return ByteBuffer.wrap(data, at, length)
        .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }
}
