package dbus.wire;

import java.nio.ByteOrder;

/// How a [WireWriter] writes whole arrays of the fixed-size types. Unsigned numbers are taken as
/// their bits, since they are what is copied.
abstract sealed class ArrayWriter extends WireOutput permits WireWriter {
  ArrayWriter(Signature signature, boolean little, byte[] data) {
    super(signature, little, data);
  }

  /// Writes `ay` at once.
  ///
  /// @param items the elements
  public final void writeByteArray(byte... items) {
    int to = beginPacked('y', 1, items.length);
    System.arraycopy(items, 0, data, to, items.length);
  }

  /// Writes `ab` at once.
  ///
  /// @param items the elements
  public final void writeBooleanArray(boolean... items) {
    int to = beginPacked('b', 4, items.length);
    BulkCopy.put(items, data, to, little);
  }

  /// Writes `an` at once.
  ///
  /// @param items the elements
  public final void writeInt16Array(short... items) {
    int to = beginPacked('n', 2, items.length);
    BulkCopy.put(items, data, to, little);
  }

  /// Writes `aq` at once.
  ///
  /// @param items the elements, unsigned shorts
  public final void writeUInt16BitsArray(short... items) {
    int to = beginPacked('q', 2, items.length);
    BulkCopy.put(items, data, to, little);
  }

  /// Writes `ai` at once.
  ///
  /// @param items the elements
  public final void writeInt32Array(int... items) {
    int to = beginPacked('i', 4, items.length);
    BulkCopy.put(items, data, to, little);
  }

  /// Writes `au` at once.
  ///
  /// @param items the elements, unsigned ints
  public final void writeUInt32BitsArray(int... items) {
    int to = beginPacked('u', 4, items.length);
    BulkCopy.put(items, data, to, little);
  }

  /// Writes `ax` at once.
  ///
  /// @param items the elements
  public final void writeInt64Array(long... items) {
    int to = beginPacked('x', 8, items.length);
    BulkCopy.put(items, data, to, little);
  }

  /// Writes `at` at once.
  ///
  /// @param items the elements, unsigned longs
  public final void writeUInt64BitsArray(long... items) {
    int to = beginPacked('t', 8, items.length);
    BulkCopy.put(items, data, to, little);
  }

  /// Writes `ad` at once.
  ///
  /// @param items the elements
  public final void writeDoubleArray(double... items) {
    int to = beginPacked('d', 8, items.length);
    BulkCopy.put(items, data, to, little);
  }

  /// Writes `ah` at once.
  ///
  /// @param indices the elements, each the index, 0 to 252, of a file descriptor that travels with
  ///   the message
  public final void writeUnixFdArray(int... indices) {
    int required = 0;
    for (int index : indices) {
      required = Math.max(required, Ranges.requireFdIndex(index) + 1);
    }
    int to = beginPacked('h', 4, indices.length);
    BulkCopy.put(indices, data, to, little);
    unixFds = Math.max(unixFds, required);
  }

  /// Writes the elements of an array of a fixed-size type, given in native order.
  final void writePacked(BasicType element, byte[] items) {
    boolean nativeLittle = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    int required = element == BasicType.UNIX_FD ? requiredBy(items, nativeLittle) : 0;
    int size = element.alignment();
    int to = beginPacked(element.code(), size, items.length / size);
    System.arraycopy(items, 0, data, to, items.length);
    if (little != nativeLittle) {
      Bytes.swap(data, to, to + items.length, size);
    }
    unixFds = Math.max(unixFds, required);
  }

  /// How many descriptors these indices need; checks each.
  private static int requiredBy(byte[] indices, boolean little) {
    int required = 0;
    for (int i = 0; i < indices.length; i += Integer.BYTES) {
      int index = Ranges.requireFdIndex(Bytes.getInt(indices, i, little));
      required = Math.max(required, index + 1);
    }
    return required;
  }

  /// Begins and ends an array of a fixed-size type, and returns where its elements belong.
  private int beginPacked(int element, int size, int count) {
    if (codes[at] != 'a' || codes[at + 1] != element) {
      throw mismatch("an array of " + TypeNames.ofCode(element));
    }
    long length = (long) count * size;
    Ranges.requireArrayLength(length);
    int first = roomForArray(size, length);
    putInt(aligned(pos, 4), (int) length);
    at = next[at];
    pos = first + (int) length;
    return first;
  }
}
