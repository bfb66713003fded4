package dbus.wire;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A cursor that writes the values of a [Body], in the order of its signature.
///
/// ```java
/// Body body = Body.write(Signature.parse("as"), writer -> {
///   writer.beginArray();
///   writer.writeString("one");
///   writer.writeString("two");
///   writer.endArray();
/// });
/// ```
///
/// The counterpart of [WireReader]; its methods are named alike. To write another type than the
/// signature has next is an [IllegalStateException]. A value that D-Bus cannot carry (a number out
/// of range, a string with an unpaired surrogate, an array over 64 MiB, more than 64 containers
/// inside each other) is an [IllegalArgumentException] that names the value and what would be
/// right. A write that is refused changes nothing: whoever catches the exception may write another
/// value in its place. Only what is written in several steps, a [Value] or what a [Codec] writes,
/// keeps the steps before the refusal. The writer is of no use once the body is complete. Not for
/// use by several threads at once. D-Bus Specification, "Marshaling (Wire Format)".
public final class WireWriter extends ArrayWriter {
  private static final byte[] NO_BYTES = {};

  /// The descriptors that were written as such.
  private List<UnixFdHandle> handles = List.of();

  /// Whether every text so far is ASCII.
  private boolean ascii = true;

  WireWriter(Signature signature, boolean little, byte[] data) {
    super(signature, little, data);
  }

  /// A writer that waits for [#restart(Signature, boolean, byte[], int, int)].
  WireWriter() {
    this(Signature.EMPTY, true, NO_BYTES);
  }

  /// Points the writer at the body of another message.
  ///
  /// @param start where the message begins
  /// @param body where its body begins, a multiple of 8 bytes later
  void restart(Signature signature, boolean little, byte[] data, int start, int body) {
    restart(signature);
    this.little = little;
    this.data = data;
    this.start = start;
    pos = body;
    depth = 0;
    unixFds = 0;
    handles = List.of();
    ascii = true;
  }

  /// Writes `y`.
  ///
  /// @param value 0 to 255
  public void writeByte(int value) {
    Ranges.requireByte(value);
    int to = begin('y', 1, 1);
    data[to] = (byte) value;
  }

  /// Writes `b`.
  ///
  /// @param value the value
  public void writeBoolean(boolean value) {
    putInt(begin('b', 4, 4), value ? 1 : 0);
  }

  /// Writes `n`.
  ///
  /// @param value the value
  public void writeInt16(short value) {
    putShort(begin('n', 2, 2), value);
  }

  /// Writes `q`.
  ///
  /// @param value 0 to 65535
  public void writeUInt16(int value) {
    Ranges.requireUInt16(value);
    putShort(begin('q', 2, 2), (short) value);
  }

  /// Writes `i`.
  ///
  /// @param value the value
  public void writeInt32(int value) {
    putInt(begin('i', 4, 4), value);
  }

  /// Writes `u`.
  ///
  /// @param value 0 to 4294967295
  public void writeUInt32(long value) {
    Ranges.requireUInt32(value);
    putInt(begin('u', 4, 4), (int) value);
  }

  /// Writes `x`.
  ///
  /// @param value the value
  public void writeInt64(long value) {
    putLong(begin('x', 8, 8), value);
  }

  /// Writes `t`.
  ///
  /// @param value 0 to 18446744073709551615
  public void writeUInt64(BigInteger value) {
    Ranges.requireUInt64(value);
    writeUInt64Bits(value.longValue());
  }

  /// Writes `t` from a long.
  ///
  /// @param bits the 64 bits, an unsigned long
  public void writeUInt64Bits(long bits) {
    putLong(begin('t', 8, 8), bits);
  }

  /// Writes `d`.
  ///
  /// @param value the value; the payload of a NaN is kept
  public void writeDouble(double value) {
    putLong(begin('d', 8, 8), Double.doubleToRawLongBits(value));
  }

  /// Writes `s`.
  ///
  /// @param value text without U+0000 and without unpaired surrogates
  public void writeString(String value) {
    int length = value.length();
    int to = find('s', 4, 5L + length);
    int end = to + 4 + length;
    int ascii = Ascii.putText(value, data, to + 4);
    if (ascii < length) {
      end = putBeyondAscii(value, ascii, to + 4);
    }
    putInt(to, end - to - 4);
    data[end] = 0;
    at = next[at];
    pos = end + 1;
  }

  /// Writes `o`.
  ///
  /// @param value the path
  public void writeObjectPath(ObjectPath value) {
    String text = value.value();
    int to = begin('o', 4, 5L + text.length());
    putInt(to, text.length());
    Ascii.put(text, data, to + 4);
    data[to + 4 + text.length()] = 0;
  }

  /// Writes `g`.
  ///
  /// @param value the signature
  public void writeSignature(Signature value) {
    putSignature(begin('g', 1, 2L + value.length()), value);
  }

  /// Writes `h`.
  ///
  /// @param index the index, 0 to 252, of a file descriptor that travels with the message
  public void writeUnixFd(int index) {
    Ranges.requireFdIndex(index);
    putInt(begin('h', 4, 4), index);
    unixFds = Math.max(unixFds, index + 1);
  }

  /// Writes `h`, for a [Body] that then holds the file descriptor. The same one may be written
  /// several times; it travels once.
  ///
  /// @param handle the descriptor, which belongs to the body as soon as that is complete
  /// @throws IllegalArgumentException if there are 253 others already
  public void writeUnixFdHandle(UnixFdHandle handle) {
    int index = handles.indexOf(handle);
    if (index < 0) {
      index = handles.size();
      writeUnixFd(index);
      if (handles.isEmpty()) {
        handles = new ArrayList<>();
      }
      handles.add(handle);
    } else {
      writeUnixFd(index);
    }
  }

  /// Begins an array; its elements are written next.
  public void beginArray() {
    if (codes[at] != 'a') {
      throw mismatch('a');
    }
    int first = roomForArray(Signature.alignment(codes[at + 1]), 0);
    depth++;
    push(aligned(pos, 4), at + 1);
    pos = first;
  }

  /// Begins an array whose element type the caller knows; the same as [#beginArray()] and a check.
  ///
  /// @param element the type of every element
  /// @throws IllegalStateException if the signature has another array next
  public void beginArray(Type element) {
    if (codes[at] == 'a' && !signature.typeAt(at + 1).equals(element)) {
      throw mismatch(TypeNames.arrayOf(element));
    }
    beginArray();
  }

  /// Ends the array that was begun last.
  ///
  /// @throws IllegalStateException if the cursor is not directly in an array
  /// @throws IllegalArgumentException if the array is longer than 64 MiB
  public void endArray() {
    requireAtElement();
    int lengthAt = top();
    int from = aligned(lengthAt + 4, Signature.alignment(codes[at]));
    Ranges.requireArrayLength(pos - from);
    putInt(lengthAt, pos - from);
    depth--;
    pop();
  }

  /// Begins a struct; its fields are written next.
  public void beginStruct() {
    int to = find('(', 8, 0);
    deeper();
    pos = to;
    at++;
  }

  /// Ends a struct.
  ///
  /// @throws IllegalStateException if the cursor is not behind the last field of a struct
  public void endStruct() {
    walkOver(')');
    depth--;
  }

  /// Begins a dict entry in an array of them; its key is written next, then its value.
  public void beginDictEntry() {
    int to = find('{', 8, 0);
    deeper();
    pos = to;
    at++;
  }

  /// Ends a dict entry.
  ///
  /// @throws IllegalStateException if the cursor is not behind the value of a dict entry
  public void endDictEntry() {
    walkOver('}');
    depth--;
  }

  /// Begins a variant; its one value is written next.
  ///
  /// @param content the signature of that value
  /// @throws IllegalArgumentException if it is not a single complete type
  public void beginVariant(Signature content) {
    if (!content.isSingle()) {
      throw new IllegalArgumentException(
          "a variant has exactly one complete type, not \"" + content + "\"");
    }
    int to = find('v', 1, 2L + content.length());
    deeper();
    putSignature(to, content);
    pos = to + 2 + content.length();
    pushVariant(to, content);
  }

  /// Begins a variant; its one value is written next.
  ///
  /// @param content the type of that value
  public void beginVariant(Type content) {
    beginVariant(Signature.of(content));
  }

  /// Ends the variant that was begun last.
  ///
  /// @throws IllegalStateException if its value has not been written
  public void endVariant() {
    requireEndOfVariant();
    depth--;
    pop();
  }

  /// Writes a value; its type must be the one that the signature has next.
  ///
  /// @param value the value
  public void writeValue(Value value) {
    ValueWriter.write(this, value);
  }

  /// Checks that all of the signature has been written, and gives the body.
  Body finish() {
    requireComplete();
    // A copy costs as much as the writing of what is large; a small body is not to hold much more
    // than it needs.
    boolean fits = data.length - pos <= data.length / 16;
    byte[] bytes = fits ? data : Arrays.copyOf(data, pos);
    Body body =
        new Body(signature, little, bytes, 0, pos, unixFds, ascii).withUnixFds(UnixFds.of(handles));
    end();
    return body;
  }

  /// Checks that all of the signature has been written, and no more than a message may have.
  void requireComplete() {
    if (!atEnd() || depth != 0) {
      throw new IllegalStateException("the body is not complete: " + where());
    }
    requireLength(pos - start);
  }

  /// From here on, whoever kept the writer can do nothing to the body any more.
  void end() {
    restart(Signature.EMPTY);
    data = NO_BYTES;
  }

  /// What has been written to; it may have grown.
  byte[] data() {
    return data;
  }

  /// The place behind what was written.
  int position() {
    return pos;
  }

  /// Writes the rest of a text from its first character beyond ASCII on, or from its first U+0000,
  /// which is refused. Returns the place behind it; the cursor stays.
  private int putBeyondAscii(String text, int from, int textAt) {
    Utf8.requireEncodable(text);
    room(1, textAt - pos + from + Utf8.length(text, from) + 1);
    ascii = false;
    return Utf8.encode(text, from, data, textAt + from);
  }

  /// How many descriptors must travel with what was written.
  int requiredUnixFds() {
    return unixFds;
  }
}
