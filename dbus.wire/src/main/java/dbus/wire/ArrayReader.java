package dbus.wire;

import java.nio.ByteOrder;
import java.util.Arrays;

/// How a [WireReader] reads whole arrays of the fixed-size types.
///
/// Unsigned numbers are given as their bits, since they are what is copied: see
/// [Short#toUnsignedInt(short)], [Integer#toUnsignedLong(int)] and [Long#toUnsignedString(long)].
abstract sealed class ArrayReader extends WireInput permits WireReader {
  ArrayReader(Signature signature, byte[] data, int from, int to, boolean little) {
    super(signature, data, from, to, little);
  }

  /// Reads `ay` at once.
  ///
  /// @return a new array
  public final byte[] readByteArray() {
    int from = beginPacked('y');
    return Arrays.copyOfRange(data, from, pos);
  }

  /// Reads `ay` at once into an array that is there.
  ///
  /// @param target receives the elements, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readByteArray(byte[] target) {
    int from = beginPacked('y', target.length);
    int count = pos - from;
    System.arraycopy(data, from, target, 0, count);
    return count;
  }

  /// Reads `ab` at once.
  ///
  /// @return a new array
  public final boolean[] readBooleanArray() {
    int from = beginPacked('b');
    boolean[] items = new boolean[(pos - from) / Integer.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `ab` at once into an array that is there.
  ///
  /// @param target receives the elements, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readBooleanArray(boolean[] target) {
    int from = beginPacked('b', target.length);
    int count = (pos - from) / Integer.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `an` at once.
  ///
  /// @return a new array
  public final short[] readInt16Array() {
    int from = beginPacked('n');
    short[] items = new short[(pos - from) / Short.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `an` at once into an array that is there.
  ///
  /// @param target receives the elements, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readInt16Array(short[] target) {
    int from = beginPacked('n', target.length);
    int count = (pos - from) / Short.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `aq` at once.
  ///
  /// @return a new array, of unsigned shorts
  public final short[] readUInt16BitsArray() {
    int from = beginPacked('q');
    short[] items = new short[(pos - from) / Short.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `aq` at once into an array that is there.
  ///
  /// @param target receives the elements, of unsigned shorts, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readUInt16BitsArray(short[] target) {
    int from = beginPacked('q', target.length);
    int count = (pos - from) / Short.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `ai` at once.
  ///
  /// @return a new array
  public final int[] readInt32Array() {
    int from = beginPacked('i');
    int[] items = new int[(pos - from) / Integer.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `ai` at once into an array that is there.
  ///
  /// @param target receives the elements, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readInt32Array(int[] target) {
    int from = beginPacked('i', target.length);
    int count = (pos - from) / Integer.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `au` at once.
  ///
  /// @return a new array, of unsigned ints
  public final int[] readUInt32BitsArray() {
    int from = beginPacked('u');
    int[] items = new int[(pos - from) / Integer.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `au` at once into an array that is there.
  ///
  /// @param target receives the elements, of unsigned ints, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readUInt32BitsArray(int[] target) {
    int from = beginPacked('u', target.length);
    int count = (pos - from) / Integer.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `ax` at once.
  ///
  /// @return a new array
  public final long[] readInt64Array() {
    int from = beginPacked('x');
    long[] items = new long[(pos - from) / Long.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `ax` at once into an array that is there.
  ///
  /// @param target receives the elements, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readInt64Array(long[] target) {
    int from = beginPacked('x', target.length);
    int count = (pos - from) / Long.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `at` at once.
  ///
  /// @return a new array, of unsigned longs
  public final long[] readUInt64BitsArray() {
    int from = beginPacked('t');
    long[] items = new long[(pos - from) / Long.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `at` at once into an array that is there.
  ///
  /// @param target receives the elements, of unsigned longs, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readUInt64BitsArray(long[] target) {
    int from = beginPacked('t', target.length);
    int count = (pos - from) / Long.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `ad` at once.
  ///
  /// @return a new array
  public final double[] readDoubleArray() {
    int from = beginPacked('d');
    double[] items = new double[(pos - from) / Double.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `ad` at once into an array that is there.
  ///
  /// @param target receives the elements, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readDoubleArray(double[] target) {
    int from = beginPacked('d', target.length);
    int count = (pos - from) / Double.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `ah` at once.
  ///
  /// @return a new array, of indices from 0
  public final int[] readUnixFdArray() {
    int from = beginPacked('h');
    int[] items = new int[(pos - from) / Integer.BYTES];
    BulkCopy.get(data, from, little, items, items.length);
    return items;
  }

  /// Reads `ah` at once into an array that is there.
  ///
  /// @param target receives the elements, of indices from 0, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public final int readUnixFdArray(int[] target) {
    int from = beginPacked('h', target.length);
    int count = (pos - from) / Integer.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Copies the elements of an array of a fixed-size type, in native order.
  final byte[] readPacked(BasicType element) {
    int size = element.alignment();
    int from = beginPacked((byte) element.code());
    byte[] items = Arrays.copyOfRange(data, from, pos);
    if (little != (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN)) {
      Bytes.swap(items, 0, items.length, size);
    }
    return items;
  }
}
