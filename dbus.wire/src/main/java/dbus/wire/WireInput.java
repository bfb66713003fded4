package dbus.wire;

/// Where a [WireReader] takes its bytes from: a part of an array, and the place in it. What reads
/// checks the signature here, and the end of the array that the cursor is in.
abstract sealed class WireInput extends SignatureCursor permits ArrayReader {
  byte[] data;
  boolean little;
  int pos;

  /// Where what is being read ends: the innermost array that is open, or the body.
  int limit;

  WireInput(Signature signature, byte[] data, int from, int to, boolean little) {
    super(signature);
    this.data = data;
    this.little = little;
    this.pos = from;
    this.limit = to;
  }

  final void restart(Signature signature, byte[] data, int from, int to, boolean little) {
    restart(signature);
    this.data = data;
    this.little = little;
    this.pos = from;
    this.limit = to;
  }

  /// Whether there is another value in the array, struct, dict entry, or variant that the cursor is
  /// in, or else in the body.
  ///
  /// @return false at its end
  public final boolean hasNext() {
    byte code = codes[at];
    if (code == 0 || code == ')' || code == '}') {
      return false;
    }
    return !atElement() || pos < limit;
  }

  /// Checks that a value of this type comes next, and walks over the type in the signature and over
  /// the alignment and `size` bytes in the data. Returns where the value begins.
  final int begin(int code, int size) {
    int from = find(code, size);
    at = next[at];
    pos = from + size;
    return from;
  }

  /// Checks that a value of this type comes next, and returns where it begins.
  final int find(int code, int alignment) {
    if (codes[at] != code) {
      throw mismatch(code);
    }
    int from = Bytes.align(pos, alignment);
    if (from >= limit) {
      throw exhausted();
    }
    return from;
  }

  /// Walks over a whole array of a fixed-size type and returns where its elements begin; they end
  /// where the cursor then is.
  final int beginPacked(int element) {
    return beginPacked(element, Integer.MAX_VALUE);
  }

  /// The same, if the array has at most `room` elements.
  final int beginPacked(int element, int room) {
    if (codes[at] == 'a' && codes[at + 1] != element) {
      throw mismatch("an array of " + TypeNames.ofCode(element));
    }
    int from = find('a', 4);
    int size = Signature.fixedSize((byte) element);
    int length = intAt(from);
    if (length > (long) room * size) {
      throw new IllegalArgumentException(
          "the array has " + length / size + " elements, the target has room for " + room);
    }
    int first = Bytes.align(from + 4, size);
    at = next[at];
    pos = first + length;
    return first;
  }

  final short shortAt(int at) {
    return Bytes.getShort(data, at, little);
  }

  final int intAt(int at) {
    return Bytes.getInt(data, at, little);
  }

  final long longAt(int at) {
    return Bytes.getLong(data, at, little);
  }

  private IllegalStateException mismatch(int code) {
    return mismatch(TypeNames.ofCode(code));
  }

  private IllegalStateException mismatch(String expected) {
    return hasNext()
        ? new IllegalStateException(
            "expected "
                + expected
                + ", found "
                + TypeNames.of(signature.typeAt(at))
                + " "
                + where())
        : exhausted();
  }

  final IllegalStateException exhausted() {
    return new IllegalStateException("no value follows here: " + where());
  }
}
