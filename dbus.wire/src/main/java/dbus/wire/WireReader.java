package dbus.wire;

import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
public final class WireReader extends SignatureCursor {
  private byte[] data;
  private boolean little;
  private int pos;

  /// Where what is being read ends: the innermost array that is open, or the body.
  private int limit;

  private UnixFds unixFds;

  WireReader(Signature signature, byte[] data, int from, int to, boolean little, UnixFds unixFds) {
    super(signature);
    this.data = data;
    this.little = little;
    this.pos = from;
    this.limit = to;
    this.unixFds = unixFds;
  }

  void restart(
      Signature signature, byte[] data, int from, int to, boolean little, UnixFds unixFds) {
    restart(signature);
    this.data = data;
    this.little = little;
    this.pos = from;
    this.limit = to;
    this.unixFds = unixFds;
  }

  /// Points this cursor at the first argument of another body, so that one cursor serves many
  /// messages. It does not matter how much of the last body was read.
  ///
  /// @param body what to read next
  public void reset(Body body) {
    body.start(this);
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
    int from = begin('s', 4);
    int length = intAt(from);
    pos = from + 5 + length;
    return new String(data, from + 4, length, StandardCharsets.UTF_8);
  }

  /// Reads `o`.
  ///
  /// @return the path
  public ObjectPath readObjectPath() {
    int from = begin('o', 4);
    int length = intAt(from);
    pos = from + 5 + length;
    return NameCache.PATHS.get(data, from + 4, length);
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

  /// Reads `h`.
  ///
  /// @return the file descriptor itself; it still belongs to the body
  /// @throws IllegalStateException if the body is without its descriptors, among other reasons
  public UnixFdHandle readUnixFdHandle() {
    return unixFds.get(readUnixFd());
  }

  /// Reads `ay` at once.
  ///
  /// @return a new array
  public byte[] readByteArray() {
    int from = beginPacked('y');
    return Arrays.copyOfRange(data, from, pos);
  }

  /// Reads `ay` at once into an array that is there.
  ///
  /// @param target receives the elements, from its start on
  /// @return how many there were
  /// @throws IllegalArgumentException if the target is too short; the cursor stays where it was
  public int readByteArray(byte[] target) {
    int from = beginPacked('y', target.length);
    int count = (pos - from);
    System.arraycopy(data, from, target, 0, count);
    return count;
  }

  /// Reads `an` at once.
  ///
  /// @return a new array
  public short[] readInt16Array() {
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
  public int readInt16Array(short[] target) {
    int from = beginPacked('n', target.length);
    int count = (pos - from) / Short.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `ai` at once.
  ///
  /// @return a new array
  public int[] readInt32Array() {
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
  public int readInt32Array(int[] target) {
    int from = beginPacked('i', target.length);
    int count = (pos - from) / Integer.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `ax` at once.
  ///
  /// @return a new array
  public long[] readInt64Array() {
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
  public int readInt64Array(long[] target) {
    int from = beginPacked('x', target.length);
    int count = (pos - from) / Long.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Reads `ad` at once.
  ///
  /// @return a new array
  public double[] readDoubleArray() {
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
  public int readDoubleArray(double[] target) {
    int from = beginPacked('d', target.length);
    int count = (pos - from) / Double.BYTES;
    BulkCopy.get(data, from, little, target, count);
    return count;
  }

  /// Enters an array. Its elements are read while [#hasNext()].
  public void enterArray() {
    int from = find('a', 4);
    int element = at + 1;
    int start = Bytes.align(from + 4, Signature.alignment(codes[element]));
    push(limit, element);
    pos = start;
    limit = start + intAt(from);
  }

  /// Leaves the array that was entered last; elements that were not read are skipped.
  ///
  /// @throws IllegalStateException if the cursor is not directly in an array
  public void leaveArray() {
    requireAtElement();
    pos = limit;
    limit = pop();
  }

  /// Enters a struct. Its fields are read one by one.
  public void enterStruct() {
    pos = find('(', 8);
    at++;
  }

  /// Leaves a struct.
  ///
  /// @throws IllegalStateException if the cursor is not behind the last field of a struct
  public void leaveStruct() {
    walkOver(')');
  }

  /// Enters a dict entry, in an array of them. Its key is read, then its value.
  public void enterDictEntry() {
    pos = find('{', 8);
    at++;
  }

  /// Leaves a dict entry.
  ///
  /// @throws IllegalStateException if the cursor is not behind the value of a dict entry
  public void leaveDictEntry() {
    walkOver('}');
  }

  /// Enters a variant. Its one value is read.
  ///
  /// @return the signature of that value, always a single complete type
  public Signature enterVariant() {
    int from = find('v', 1);
    int length = data[from] & 0xff;
    Signature content = Signature.parse(data, from + 1, length);
    pushVariant(limit, content);
    pos = from + length + 2;
    return content;
  }

  /// Leaves the variant that was entered last.
  ///
  /// @throws IllegalStateException if the cursor is not behind the value of a variant
  public void leaveVariant() {
    requireEndOfVariant();
    limit = pop();
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
        pos = find(code, 8);
        at++;
        while (hasNext()) {
          skip();
        }
        walkOver(close);
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

  /// Checks that a value of this type comes next, and walks over the type in the signature and over
  /// the alignment and `size` bytes in the data. Returns where the value begins.
  private int begin(int code, int size) {
    int from = find(code, size);
    at = next[at];
    pos = from + size;
    return from;
  }

  /// Checks that a value of this type comes next, and returns where it begins.
  private int find(int code, int alignment) {
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
  private int beginPacked(int element) {
    return beginPacked(element, Integer.MAX_VALUE);
  }

  /// The same, if the array has at most `room` elements.
  private int beginPacked(int element, int room) {
    if (codes[at] == 'a' && codes[at + 1] != element) {
      throw mismatch("an array of " + (char) element);
    }
    int from = find('a', 4);
    int size = Signature.fixedSize((byte) element);
    int length = intAt(from);
    if (length > (long) room * size) {
      throw new IllegalArgumentException(
          "the array has " + length / size + " elements, the target has room for " + room);
    }
    int start = Bytes.align(from + 4, size);
    at = next[at];
    pos = start + length;
    return start;
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
}
