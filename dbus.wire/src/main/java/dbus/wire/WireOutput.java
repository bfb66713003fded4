package dbus.wire;

import java.util.Arrays;

/// Where a [WireWriter] puts its bytes: an array that grows, and what is aligned in it.
abstract sealed class WireOutput extends SignatureCursor permits WireWriter {
  boolean little;
  byte[] data;
  int pos;

  /// Where in `data` the message begins, or the body itself; alignment counts from there.
  int start;

  WireOutput(Signature signature, boolean little, byte[] data) {
    super(signature);
    this.little = little;
    this.data = data;
  }

  /// The next place with this alignment.
  final int aligned(int at, int alignment) {
    return at + ((start - at) & (alignment - 1));
  }

  /// Writes zeros up to the next multiple of the alignment.
  final void pad(int alignment) {
    int to = aligned(pos, alignment);
    if (to != pos) {
      reserve(to - pos);
      while (pos < to) {
        data[pos++] = 0;
      }
    }
  }

  /// Makes room for more bytes behind the current place.
  final void reserve(long size) {
    long needed = pos + size;
    if (needed > data.length) {
      grow(needed);
    }
  }

  private void grow(long needed) {
    requireLength(needed - start);
    data = Arrays.copyOf(data, Bytes.grown(data.length, needed));
  }

  /// Checks the length of the message; the array may have room for more than is allowed.
  static void requireLength(long length) {
    if (length > MessageDecoder.MAX_MESSAGE_LENGTH) {
      throw new IllegalArgumentException("a message has at most 134217728 bytes");
    }
  }

  final void putSignature(int to, Signature value) {
    byte[] codes = value.codes;
    data[to] = (byte) value.length();
    if (codes.length == 2) {
      data[to + 1] = codes[0];
      data[to + 2] = 0;
    } else {
      // With the 0 behind the text.
      System.arraycopy(codes, 0, data, to + 1, codes.length);
    }
  }

  final void putShort(int to, short value) {
    Bytes.putShort(data, to, value, little);
  }

  final void putInt(int to, int value) {
    Bytes.putInt(data, to, value, little);
  }

  final void putLong(int to, long value) {
    Bytes.putLong(data, to, value, little);
  }
}
