package dbus.wire;

/// Turns marshalled values from one byte order to the other, where they stand: every value keeps
/// its place and its length, and only the bytes of its numbers change. So the other byte order
/// costs one array, as long as the body.
///
/// The values are valid, so the recursion is at most 64 deep.
final class ByteOrderSwap {
  private final byte[] data;

  /// The order of what has not been turned yet.
  private final boolean little;

  private ByteOrderSwap(byte[] data, boolean little) {
    this.data = data;
    this.little = little;
  }

  /// Turns values around.
  ///
  /// @param data the values, of which the first stands at 0
  /// @param little the byte order that they have
  static void swap(Signature signature, byte[] data, boolean little) {
    new ByteOrderSwap(data, little).sequence(signature, 0, 0);
  }

  /// Turns one value after the other, from the type at `first` of the signature to the end of the
  /// struct, dict entry, or signature, and returns the place behind the last.
  private int sequence(Signature signature, int first, int from) {
    int at = from;
    for (int type = first; ; type = signature.next[type]) {
      byte code = signature.codes[type];
      if (code == 0 || code == ')' || code == '}') {
        return at;
      }
      at = value(signature, type, code, Bytes.align(at, Signature.alignment(code)));
    }
  }

  /// Turns one value at its aligned place, and returns the place behind it.
  private int value(Signature signature, int type, byte code, int at) {
    return switch (code) {
      case 's', 'o' -> at + 4 + length(at) + 1;
      case 'g' -> at + signatureLength(at) + 2;
      case 'v' -> {
        int length = signatureLength(at);
        yield sequence(Signature.parse(data, at + 1, length), 0, at + length + 2);
      }
      case 'a' -> array(signature, type + 1, at);
      case '(', '{' -> sequence(signature, type + 1, at);
      default -> {
        int size = Signature.fixedSize(code);
        Bytes.swap(data, at, at + size, size);
        yield at + size;
      }
    };
  }

  private int array(Signature signature, int element, int from) {
    byte code = signature.codes[element];
    int alignment = Signature.alignment(code);
    int length = length(from);
    int at = Bytes.align(from + 4, alignment);
    int end = at + length;
    int size = Signature.fixedSize(code);
    if (size != 0) {
      Bytes.swap(data, at, end, size);
      return end;
    }
    while (at < end) {
      at = value(signature, element, code, Bytes.align(at, alignment));
    }
    return end;
  }

  /// Turns a length around and returns it.
  private int length(int at) {
    int length = Bytes.getInt(data, at, little);
    Bytes.putInt(data, at, length, !little);
    return length;
  }

  private int signatureLength(int at) {
    return data[at] & 0xff;
  }
}
