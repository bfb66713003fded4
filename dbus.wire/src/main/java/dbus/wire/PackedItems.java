package dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// The elements of an array of a fixed-size type, kept as their bytes in native order, so that
/// whole arrays are copied at once. An element becomes a [Value] when it is asked for.
final class PackedItems extends AbstractList<Value> implements RandomAccess {
  private final BasicType type;
  private final byte[] bytes;

  private PackedItems(BasicType type, byte[] bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  /// Checks and copies the elements of an array; packs them if their size is fixed.
  static List<Value> copyOf(Type element, List<Value> items) {
    if (items instanceof PackedItems packed && packed.type == element) {
      return packed;
    }
    List<Value> copy = List.copyOf(items);
    for (int i = 0; i < copy.size(); i++) {
      Types.requireFits(element, copy.get(i), "element", i);
    }
    return element instanceof BasicType basic && basic.isFixedSize() ? pack(basic, copy) : copy;
  }

  private static PackedItems pack(BasicType type, List<Value> items) {
    byte[] bytes = new byte[Math.multiplyExact(items.size(), type.alignment())];
    ByteBuffer out = view(bytes);
    for (Value item : items) {
      switch (item) {
        case Value.Byte(int value) -> out.put((byte) value);
        case Value.Bool(boolean value) -> out.putInt(value ? 1 : 0);
        case Value.Int16(short value) -> out.putShort(value);
        case Value.UInt16(int value) -> out.putShort((short) value);
        case Value.Int32(int value) -> out.putInt(value);
        case Value.UInt32(long value) -> out.putInt((int) value);
        case Value.Int64(long value) -> out.putLong(value);
        case Value.UInt64 value -> out.putLong(value.bits());
        case Value.Double(double value) ->
            // Raw, so that the payload of a NaN survives.
            out.putLong(Double.doubleToRawLongBits(value));
        case Value.UnixFd(int index) -> out.putInt(index);
        default -> throw new AssertionError(type + " has no fixed size");
      }
    }
    return new PackedItems(type, bytes);
  }

  static PackedItems ofBytes(byte[] items) {
    return new PackedItems(BasicType.BYTE, items.clone());
  }

  static PackedItems ofInt16s(short[] items) {
    byte[] bytes = new byte[Math.multiplyExact(items.length, Short.BYTES)];
    view(bytes).asShortBuffer().put(items);
    return new PackedItems(BasicType.INT16, bytes);
  }

  static PackedItems ofInt32s(int[] items) {
    byte[] bytes = new byte[Math.multiplyExact(items.length, Integer.BYTES)];
    view(bytes).asIntBuffer().put(items);
    return new PackedItems(BasicType.INT32, bytes);
  }

  static PackedItems ofInt64s(long[] items) {
    byte[] bytes = new byte[Math.multiplyExact(items.length, Long.BYTES)];
    view(bytes).asLongBuffer().put(items);
    return new PackedItems(BasicType.INT64, bytes);
  }

  static PackedItems ofDoubles(double[] items) {
    byte[] bytes = new byte[Math.multiplyExact(items.length, Double.BYTES)];
    view(bytes).asDoubleBuffer().put(items);
    return new PackedItems(BasicType.DOUBLE, bytes);
  }

  /// Takes over bytes in native order, already checked.
  static PackedItems ofNative(BasicType type, byte[] bytes) {
    return new PackedItems(type, bytes);
  }

  static PackedItems of(Value.Array array, BasicType type) {
    if (array.items() instanceof PackedItems packed && packed.type == type) {
      return packed;
    }
    throw new IllegalStateException(
        "the elements are of type " + array.element() + ", not " + type);
  }

  /// The bytes of all elements in native order; not to be changed.
  byte[] bytes() {
    return bytes;
  }

  byte[] toBytes() {
    return bytes.clone();
  }

  short[] toInt16s() {
    short[] items = new short[size()];
    view(bytes).asShortBuffer().get(items);
    return items;
  }

  int[] toInt32s() {
    int[] items = new int[size()];
    view(bytes).asIntBuffer().get(items);
    return items;
  }

  long[] toInt64s() {
    long[] items = new long[size()];
    view(bytes).asLongBuffer().get(items);
    return items;
  }

  double[] toDoubles() {
    double[] items = new double[size()];
    view(bytes).asDoubleBuffer().get(items);
    return items;
  }

  @Override
  public Value get(int index) {
    int at = Math.multiplyExact(index, type.alignment());
    ByteBuffer in = view(bytes);
    return switch (type) {
      case BYTE -> new Value.Byte(in.get(at) & 0xff);
      case BOOLEAN -> new Value.Bool(in.getInt(at) != 0);
      case INT16 -> new Value.Int16(in.getShort(at));
      case UINT16 -> new Value.UInt16(in.getShort(at) & 0xffff);
      case INT32 -> new Value.Int32(in.getInt(at));
      case UINT32 -> new Value.UInt32(in.getInt(at) & 0xffff_ffffL);
      case INT64 -> new Value.Int64(in.getLong(at));
      case UINT64 -> Value.UInt64.ofBits(in.getLong(at));
      case DOUBLE -> new Value.Double(Double.longBitsToDouble(in.getLong(at)));
      case UNIX_FD -> new Value.UnixFd(in.getInt(at));
      case STRING, OBJECT_PATH, SIGNATURE -> throw new AssertionError(type + " has no fixed size");
    };
  }

  @Override
  public int size() {
    return bytes.length / type.alignment();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return (other instanceof PackedItems that && type == that.type)
        ? Arrays.equals(bytes, that.bytes)
        : super.equals(other);
  }

  // The hash of a List is the same for every List with these elements.
  @Override
  public int hashCode() {
    return super.hashCode();
  }

  private static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
