package dbus.wire;

import java.math.BigInteger;

/// The ranges of the numbers that are narrower than the Java type they stand in, and of lengths.
final class Ranges {
  /// The longest array, in bytes; D-Bus Specification, "Container types" (WIRE-13).
  static final int MAX_ARRAY_LENGTH = 1 << 26;

  /// More descriptors than this cannot be sent with one message on any system (FD-06).
  static final int MAX_UNIX_FDS = 253;

  private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private Ranges() {}

  static void requireByte(int value) {
    if (value < 0 || value > 0xff) {
      throw outOfRange("BYTE", value, "0 to 255");
    }
  }

  static void requireUInt16(int value) {
    if (value < 0 || value > 0xffff) {
      throw outOfRange("UINT16", value, "0 to 65535");
    }
  }

  static void requireUInt32(long value) {
    if (value < 0 || value > 0xffff_ffffL) {
      throw outOfRange("UINT32", value, "0 to 4294967295");
    }
  }

  static void requireUInt64(BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
      throw outOfRange("UINT64", value, "0 to " + MAX_UINT64);
    }
  }

  /// Returns the index of a descriptor, once it is checked.
  static int requireFdIndex(int index) {
    if (index < 0 || index >= MAX_UNIX_FDS) {
      throw outOfRange("UNIX_FD", index, "0 to 252");
    }
    return index;
  }

  static void requireArrayLength(long bytes) {
    if (bytes > MAX_ARRAY_LENGTH) {
      throw new IllegalArgumentException("an array has at most 67108864 bytes, not " + bytes);
    }
  }

  static BigInteger unsigned(long bits) {
    BigInteger signed = BigInteger.valueOf(bits);
    return bits < 0 ? signed.and(MAX_UINT64) : signed;
  }

  private static IllegalArgumentException outOfRange(String type, Number value, String range) {
    return new IllegalArgumentException(type + " " + value + " is out of range " + range);
  }
}
