package dbus.wire;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

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
public final class WireReader extends ArrayReader {
  private UnixFds unixFds;

  /// Whether every text is known to be ASCII, which spares a look at each.
  private boolean ascii;

  WireReader(
      Signature signature,
      byte[] data,
      int from,
      int to,
      boolean little,
      boolean ascii,
      UnixFds unixFds) {
    super(signature, data, from, to, little);
    this.ascii = ascii;
    this.unixFds = unixFds;
  }

  void restart(
      Signature signature,
      byte[] data,
      int from,
      int to,
      boolean little,
      boolean ascii,
      UnixFds unixFds) {
    restart(signature, data, from, to, little);
    this.ascii = ascii;
    this.unixFds = unixFds;
  }

  /// Points this cursor at the first argument of another body, so that one cursor serves many
  /// messages. It does not matter how much of the last body was read.
  ///
  /// @param body what to read next
  public void reset(Body body) {
    body.start(this);
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
    return ascii
        ? Ascii.get(data, from + 4, length)
        : new String(data, from + 4, length, StandardCharsets.UTF_8);
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

  /// Enters an array. Its elements are read while [#hasNext()].
  public void enterArray() {
    int from = find('a', 4);
    int element = at + 1;
    int first = Bytes.align(from + 4, Signature.alignment(codes[element]));
    push(limit, element);
    pos = first;
    limit = first + intAt(from);
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

  /// The type of what is in the variant that is read next, without reading it: so that it can be
  /// compared with what is expected before an object is made of what a peer chose to send. The
  /// cursor stays where it is.
  ///
  /// ```java
  /// if (reader.peekVariant().isExactly(codec.type())) {
  ///   reader.enterVariant();
  ///   value = codec.read(reader);
  ///   reader.leaveVariant();
  /// } else {
  ///   reader.skip();
  /// }
  /// ```
  ///
  /// @return the signature of the one value, always a single complete type
  /// @throws IllegalStateException if the next value is no variant
  public Signature peekVariant() {
    int from = find('v', 1);
    return Signature.parse(data, from + 1, data[from] & 0xff);
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

  /// Skips the next value, whatever its type, with all that is in it. No object is made of it, and
  /// an array is stepped over at once, however long it is.
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
}
