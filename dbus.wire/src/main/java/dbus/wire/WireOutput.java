package dbus.wire;

import java.util.Arrays;

/// Where a [WireWriter] puts its bytes: an array that grows, and what is aligned in it. What stands
/// behind `pos` is not written yet, whatever it is.
abstract sealed class WireOutput extends SignatureCursor permits ArrayWriter {
  /// As many bytes are always free behind what is written, so that up to seven zeros can be written
  /// as eight.
  private static final int SLACK = Long.BYTES;

  boolean little;
  byte[] data;
  int pos;

  /// Where in `data` the message begins, or the body itself; alignment counts from there.
  int start;

  /// How many containers of every kind are open.
  int depth;

  /// One more than the highest UNIX_FD.
  int unixFds;

  WireOutput(Signature signature, boolean little, byte[] data) {
    super(signature);
    this.little = little;
    this.data = data;
  }

  /// The next place with this alignment.
  final int aligned(int at, int alignment) {
    return at + ((start - at) & (alignment - 1));
  }

  /// Makes room for `size` bytes at the next multiple of the alignment, writes zeros up to there,
  /// and returns the place. `pos` stays: it is for the caller to move, when nothing can be refused
  /// any more.
  final int room(int alignment, long size) {
    int to = aligned(pos, alignment);
    if (to + size > data.length - SLACK) {
      grow(to + size);
    }
    if (to != pos) {
      Bytes.putLong(data, pos, 0, true);
    }
    return to;
  }

  private void grow(long needed) {
    requireLength(needed - start);
    data = Arrays.copyOf(data, Bytes.grown(data.length, needed + SLACK));
  }

  /// Checks the length of the message; the array may have room for more than is allowed.
  static void requireLength(long length) {
    if (length > MessageDecoder.MAX_MESSAGE_LENGTH) {
      throw new IllegalArgumentException("a message has at most 134217728 bytes");
    }
  }

  final void putSignature(int to, Signature value) {
    int length = value.length();
    data[to] = (byte) length;
    if (length == 1) {
      data[to + 1] = value.codes[0];
      data[to + 2] = 0;
    } else {
      // With the 0 behind the text.
      System.arraycopy(value.codes, 0, data, to + 1, length + 1);
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

  /// Checks that a value of this type comes next, walks over the type in the signature, aligns, and
  /// makes room for `size` bytes. Returns where they begin.
  final int begin(int code, int alignment, long size) {
    int to = find(code, alignment, size);
    at = next[at];
    pos = to + (int) size;
    return to;
  }

  /// Checks that a value of this type comes next, and makes room for `size` bytes at its alignment.
  /// Returns where they begin; the cursor stays.
  final int find(int code, int alignment, long size) {
    if (codes[at] != code) {
      throw mismatch(code);
    }
    return room(alignment, size);
  }

  /// Makes room for an array: its length, which is 0 for now, and at their alignment `size` bytes
  /// of elements. Returns where these begin; the cursor stays.
  final int roomForArray(int alignment, long size) {
    requireDepth();
    int lengthAt = aligned(pos, 4);
    int first = aligned(lengthAt + 4, alignment);
    room(4, first - lengthAt + size);
    // With the padding behind it, which is 0 or 4 bytes.
    putLong(lengthAt, 0);
    return first;
  }

  final void deeper() {
    requireDepth();
    depth++;
  }

  final void requireDepth() {
    if (depth == Nesting.MAX_IN_VALUE) {
      throw new IllegalArgumentException("at most 64 containers stand inside each other");
    }
  }

  final IllegalStateException mismatch(int code) {
    return mismatch(TypeNames.ofCode(code));
  }

  final IllegalStateException mismatch(String written) {
    byte code = codes[at];
    String expected =
        code == 0 || code == ')' || code == '}'
            ? "no more values"
            : TypeNames.of(signature.typeAt(at));
    return new IllegalStateException(
        "expected " + expected + ", and not " + written + ", " + where());
  }
}
