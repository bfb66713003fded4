package dbus.wire;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A cursor over the values of a [Body], in the order of its signature.
///
/// ```java
/// WireReader reader = body.reader(); // as: an array of strings
/// reader.enterArray();
/// while (reader.hasNext()) {
///   System.out.println(reader.readString());
/// }
/// reader.leaveArray();
/// ```
///
/// Reading allocates nothing but the strings and arrays that are returned. The bytes of a body have
/// been checked before; what is checked here is that the caller reads what the signature has: a
/// read of another type, or past the end of an array or of the body, is an [IllegalStateException]
/// that leaves the cursor where it was. Not for use by several threads at once. D-Bus
/// Specification, "Marshaling (Wire Format)".
public final class WireReader {
  private final byte[] data;
  private final boolean little;
  private int pos;

  /// Where the innermost array ends, or the body.
  private int limit;

  private Signature signature;
  private byte[] codes;
  private short[] next;

  /// The place in the signature of the type to be read next.
  private int at;

  /// The place in the signature of the type that [#begin] found last; a second result of it.
  private int place;

  // The arrays and variants that are open: which place of which signature each stands at, and the
  // limit outside of it. Structs need no frame, see Signature.next.
  private @Nullable Signature[] frameSignatures = new Signature[4];
  private int[] framePlaces = new int[4];
  private int[] frameLimits = new int[4];
  private int frames;

  WireReader(Signature signature, byte[] data, int from, int to, boolean little) {
    this.data = data;
    this.little = little;
    this.pos = from;
    this.limit = to;
    this.signature = signature;
    this.codes = signature.codes;
    this.next = signature.next;
  }

  /// Whether there is another value in the array, struct, dict entry, or variant that the cursor is
  /// in, or else in the body.
  ///
  /// @return false at its end
  public boolean hasNext() {
    byte code = codes[at];
    if (code == 0 || code == ')' || code == '}') {
      return false;
    }
    return !atElement() || pos < limit;
  }

  /// The type of the value that is read next.
  ///
  /// @return its type; inside an array of dict entries a [DictEntryType]
  /// @throws IllegalStateException if there is no next value
  public Type nextType() {
    if (!hasNext()) {
      throw exhausted();
    }
    return signature.typeAt(at);
  }

  /// Reads `y`.
  ///
  /// @return 0 to 255
  public int readByte() {
    return data[begin('y', 1)] & 0xff;
  }

  /// Reads `b`.
  ///
  /// @return the value
  public boolean readBoolean() {
    return intAt(begin('b', 4)) != 0;
  }

  /// Reads `n`.
  ///
  /// @return the value
  public short readInt16() {
    return shortAt(begin('n', 2));
  }

  /// Reads `q`.
  ///
  /// @return 0 to 65535
  public int readUInt16() {
    return shortAt(begin('q', 2)) & 0xffff;
  }

  /// Reads `i`.
  ///
  /// @return the value
  public int readInt32() {
    return intAt(begin('i', 4));
  }

  /// Reads `u`.
  ///
  /// @return 0 to 4294967295
  public long readUInt32() {
    return intAt(begin('u', 4)) & 0xffff_ffffL;
  }

  /// Reads `x`.
  ///
  /// @return the value
  public long readInt64() {
    return longAt(begin('x', 8));
  }

  /// Reads `t`.
  ///
  /// @return 0 to 18446744073709551615
  public BigInteger readUInt64() {
    return Ranges.unsigned(readUInt64Bits());
  }

  /// Reads `t` without making an object.
  ///
  /// @return the 64 bits, an unsigned long
  public long readUInt64Bits() {
    return longAt(begin('t', 8));
  }

  /// Reads `d`.
  ///
  /// @return the value, with the payload of a NaN kept
  public double readDouble() {
    return Double.longBitsToDouble(longAt(begin('d', 8)));
  }

  /// Reads `s`.
  ///
  /// @return the text
  public String readString() {
    return text('s', StandardCharsets.UTF_8);
  }

  /// Reads `o`.
  ///
  /// @return the path
  public ObjectPath readObjectPath() {
    return new ObjectPath(text('o', StandardCharsets.ISO_8859_1));
  }

  /// Reads `g`.
  ///
  /// @return the signature
  public Signature readSignature() {
    int from = begin('g', 1);
    int length = data[from] & 0xff;
    pos = from + length + 2;
    return Signature.parse(data, from + 1, length);
  }

  /// Reads `h`.
  ///
  /// @return the index, from 0, of a file descriptor that travels with the message
  public int readUnixFd() {
    return intAt(begin('h', 4));
  }

  /// Reads `ay` at once.
  ///
  /// @return a new array
  public byte[] readByteArray() {
    int from = beginPacked('y');
    return Arrays.copyOfRange(data, from, pos);
  }

  /// Reads `an` at once.
  ///
  /// @return a new array
  public short[] readInt16Array() {
    int from = beginPacked('n');
    short[] items = new short[(pos - from) / Short.BYTES];
    packed(from).asShortBuffer().get(items);
    return items;
  }

  /// Reads `ai` at once.
  ///
  /// @return a new array
  public int[] readInt32Array() {
    int from = beginPacked('i');
    int[] items = new int[(pos - from) / Integer.BYTES];
    packed(from).asIntBuffer().get(items);
    return items;
  }

  /// Reads `ax` at once.
  ///
  /// @return a new array
  public long[] readInt64Array() {
    int from = beginPacked('x');
    long[] items = new long[(pos - from) / Long.BYTES];
    packed(from).asLongBuffer().get(items);
    return items;
  }

  /// Reads `ad` at once.
  ///
  /// @return a new array
  public double[] readDoubleArray() {
    int from = beginPacked('d');
    double[] items = new double[(pos - from) / Double.BYTES];
    packed(from).asDoubleBuffer().get(items);
    return items;
  }

  /// Enters an array. Its elements are read while [#hasNext()].
  public void enterArray() {
    int from = begin('a', 4);
    int array = place;
    at = array + 1;
    int start = Bytes.align(from + 4, Signature.alignment(codes[at]));
    push(array);
    pos = start;
    limit = start + intAt(from);
  }

  /// Leaves the array that was entered last; elements that were not read are skipped.
  ///
  /// @throws IllegalStateException if the cursor is not directly in an array
  public void leaveArray() {
    if (!atElement()) {
      throw new IllegalStateException("not directly in an array: " + where());
    }
    pos = limit;
    pop();
  }

  /// Enters a struct. Its fields are read one by one.
  public void enterStruct() {
    pos = begin('(', 8);
    at = place + 1;
  }

  /// Leaves a struct.
  ///
  /// @throws IllegalStateException if the cursor is not behind the last field of a struct
  public void leaveStruct() {
    leave(')');
  }

  /// Enters a dict entry, in an array of them. Its key is read, then its value.
  public void enterDictEntry() {
    pos = begin('{', 8);
    at = place + 1;
  }

  /// Leaves a dict entry.
  ///
  /// @throws IllegalStateException if the cursor is not behind the value of a dict entry
  public void leaveDictEntry() {
    leave('}');
  }

  /// Enters a variant. Its one value is read.
  ///
  /// @return the signature of that value, always a single complete type
  public Signature enterVariant() {
    int from = begin('v', 1);
    int length = data[from] & 0xff;
    push(place);
    enter(Signature.parse(data, from + 1, length), 0);
    pos = from + length + 2;
    return signature;
  }

  /// Leaves the variant that was entered last.
  ///
  /// @throws IllegalStateException if the cursor is not behind the value of a variant
  public void leaveVariant() {
    if (codes[at] != 0 || frames == 0) {
      throw new IllegalStateException("not behind the value of a variant: " + where());
    }
    pop();
  }

  /// Reads a value of whatever type comes next.
  ///
  /// @return the value
  /// @throws IllegalStateException if there is no next value, or the cursor is between the entries
  ///   of a dictionary
  public Value readValue() {
    return ValueReader.read(this);
  }

  /// Skips the next value, whatever its type, with all that is in it.
  ///
  /// @throws IllegalStateException if there is no next value
  public void skip() {
    if (!hasNext()) {
      throw exhausted();
    }
    byte code = codes[at];
    switch (code) {
      case 's', 'o' -> {
        int from = begin(code, 4);
        pos = from + 5 + intAt(from);
      }
      case 'g' -> {
        int from = begin('g', 1);
        pos = from + 2 + (data[from] & 0xff);
      }
      case 'a' -> {
        enterArray();
        leaveArray();
      }
      case 'v' -> {
        enterVariant();
        skip();
        leaveVariant();
      }
      case '(', '{' -> {
        byte close = (byte) (code == '(' ? ')' : '}');
        pos = begin(code, 8);
        at = place + 1;
        while (hasNext()) {
          skip();
        }
        leave(close);
      }
      default -> begin(code, Signature.fixedSize(code));
    }
  }

  /// Copies the elements of an array of a fixed-size type, in native order.
  byte[] readPacked(BasicType element) {
    int size = element.alignment();
    int from = beginPacked((byte) element.code());
    byte[] items = Arrays.copyOfRange(data, from, pos);
    if (little != (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN)) {
      Bytes.swap(items, 0, items.length, size);
    }
    return items;
  }

  private String text(char code, Charset charset) {
    int from = begin(code, 4);
    int length = intAt(from);
    pos = from + 5 + length;
    return new String(data, from + 4, length, charset);
  }

  /// Checks that a value of this type comes next, and walks over the type in the signature and over
  /// the alignment and `size` bytes in the data. Returns where the value begins.
  private int begin(int code, int size) {
    if (codes[at] != code) {
      throw mismatch(code);
    }
    int from = Bytes.align(pos, size);
    if (from >= limit) {
      throw exhausted();
    }
    place = at;
    at = next[at];
    pos = from + size;
    return from;
  }

  /// Walks over a whole array of a fixed-size type and returns where its elements begin.
  private int beginPacked(int element) {
    if (codes[at] == 'a' && codes[at + 1] != element) {
      throw mismatch("an array of " + (char) element);
    }
    int from = begin('a', 4);
    int start = Bytes.align(from + 4, Signature.fixedSize((byte) element));
    pos = start + intAt(from);
    return start;
  }

  private ByteBuffer packed(int from) {
    return ByteBuffer.wrap(data, from, pos - from)
        .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  private void leave(int close) {
    if (codes[at] != close) {
      throw new IllegalStateException(
          "not behind the last value before " + (char) close + ": " + where());
    }
    at = next[at];
  }

  /// Whether the cursor is directly in an array, before an element or at the end. The place behind
  /// an `a` is walked only there.
  private boolean atElement() {
    return at > 0 && codes[at - 1] == 'a';
  }

  private void push(int place) {
    if (frames == framePlaces.length) {
      frameSignatures = Arrays.copyOf(frameSignatures, 2 * frames);
      framePlaces = Arrays.copyOf(framePlaces, 2 * frames);
      frameLimits = Arrays.copyOf(frameLimits, 2 * frames);
    }
    frameSignatures[frames] = signature;
    framePlaces[frames] = place;
    frameLimits[frames] = limit;
    frames++;
  }

  private void pop() {
    frames--;
    Signature outer = frameSignatures[frames];
    assert outer != null;
    limit = frameLimits[frames];
    enter(outer, outer.next[framePlaces[frames]]);
  }

  private void enter(Signature signature, int at) {
    this.signature = signature;
    this.codes = signature.codes;
    this.next = signature.next;
    this.at = at;
  }

  private short shortAt(int at) {
    return Bytes.getShort(data, at, little);
  }

  private int intAt(int at) {
    return Bytes.getInt(data, at, little);
  }

  private long longAt(int at) {
    return Bytes.getLong(data, at, little);
  }

  private IllegalStateException mismatch(int code) {
    return mismatch(String.valueOf((char) code));
  }

  private IllegalStateException mismatch(String asked) {
    return hasNext()
        ? new IllegalStateException("the next value is no " + asked + ": " + where())
        : exhausted();
  }

  private IllegalStateException exhausted() {
    return new IllegalStateException("no value follows here: " + where());
  }

  private String where() {
    return "at " + at + " of the signature \"" + signature + "\"";
  }
}
