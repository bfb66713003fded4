package dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Messages go in, bytes come out.
///
/// Messages are appended to a buffer that grows; what is in it can be taken in pieces of any size,
/// so that many small messages leave in one write. One message has one encoding: header fields
/// stand in ascending order of their codes, and only those that say something. An error is found
/// before the first byte of a message is written, and leaves the buffer as it was. Not for use by
/// several threads at once. D-Bus Specification, "Message Format".
///
/// ```java
/// encoder.append(call, nextSerial);
/// encoder.append(signal, nextSerial + 1);
/// while (encoder.size() > 0) {
///   encoder.drainTo(outgoing);
///   channel.write(outgoing.flip());
///   outgoing.compact();
/// }
/// ```
public final class MessageEncoder {
  private static final int FIRST_CAPACITY = 512;

  /// An empty buffer that has grown larger than this is let go.
  private static final int KEPT_CAPACITY = 1 << 18;

  private static final int FIXED_LENGTH = 16;

  private byte[] data = new byte[FIRST_CAPACITY];

  /// What lies between these two has not been taken.
  private int from;

  private int to;

  // Only while a message is being written.
  private boolean little;
  private int pos;

  /// An encoder with an empty buffer.
  public MessageEncoder() {}

  /// The bytes of one message.
  ///
  /// @param message the message
  /// @param serial its serial, an unsigned 32-bit number, not 0
  /// @param order the byte order
  /// @return a new array
  /// @throws IllegalArgumentException as [#append(Message, int, ByteOrder)]
  public static byte[] encode(Message message, int serial, ByteOrder order) {
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(message, serial, order);
    return Arrays.copyOf(encoder.data, encoder.to);
  }

  /// Appends a message in its own byte order; see [#append(Message, int, ByteOrder)].
  ///
  /// @param message the message
  /// @param serial its serial, an unsigned 32-bit number, not 0
  /// @return how many bytes were appended
  /// @throws IllegalArgumentException as there
  public int append(Message message, int serial) {
    return append(message, serial, message.byteOrder());
  }

  /// Appends a message.
  ///
  /// @param message the message; its own serial does not matter
  /// @param serial the serial to write, an unsigned 32-bit number, not 0
  /// @param order the byte order
  /// @return how many bytes were appended
  /// @throws IllegalArgumentException if the serial is 0, the message is longer than 128 MiB or its
  ///   header fields than 64 MiB, its path or interface is reserved for local messages, a UNIX_FD
  ///   in its body is an index beyond its descriptors, or its type is unknown
  public int append(Message message, int serial, ByteOrder order) {
    Header header = ((AbstractMessage) message).header;
    requireSendable(header, serial);
    Body body = header.body().withByteOrder(order);
    long fields = fieldsLength(header, body.signature());
    long total = FIXED_LENGTH + ((fields + 7) & -8) + body.length();
    requireLengths(fields, total);
    reserve((int) total);

    little = Body.isLittle(order);
    // Offsets count from the start of the message, which may lie anywhere in the buffer.
    int start = to;
    pos = start + FIXED_LENGTH;
    putFields(header, body.signature(), start);
    pad(start);
    assert pos - start + body.length() == total : "the length was foreseen wrongly";
    body.copyTo(data, pos);
    putFixed(start, header, body.length(), serial, (int) fields);
    to = start + (int) total;
    return (int) total;
  }

  /// How many bytes wait to be taken.
  ///
  /// @return the number
  public int size() {
    return to - from;
  }

  /// Takes as many bytes as there are and fit.
  ///
  /// @param target receives the bytes
  /// @return how many were taken
  public int drainTo(ByteBuffer target) {
    int count = Math.min(size(), target.remaining());
    target.put(data, from, count);
    discard(count);
    return count;
  }

  /// The bytes that wait, to be written without a further copy; [#discard(int)] takes them away.
  ///
  /// @return a read-only view, valid until the encoder is next used
  public ByteBuffer peek() {
    return ByteBuffer.wrap(data, from, size()).slice().asReadOnlyBuffer();
  }

  /// Takes bytes away that were written from [#peek()].
  ///
  /// @param count how many
  /// @throws IllegalArgumentException if there are not so many
  public void discard(int count) {
    if (count < 0 || count > size()) {
      throw new IllegalArgumentException(count + " bytes to discard, of " + size());
    }
    from += count;
    if (from == to) {
      from = 0;
      to = 0;
      if (data.length > KEPT_CAPACITY) {
        data = new byte[FIRST_CAPACITY];
      }
    }
  }

  private static void requireSendable(Header header, int serial) {
    if (serial == 0) {
      throw new IllegalArgumentException("the serial of a message is not 0");
    }
    if (MessageType.ofCode(header.typeCode) == MessageType.UNKNOWN) {
      throw new IllegalArgumentException(
          "a message of type " + header.typeCode + " cannot be sent; the types are 1 to 4");
    }
    if (header.path().filter(ObjectPath.LOCAL::equals).isPresent()
        || header.interfaceName().filter(InterfaceName.LOCAL::equals).isPresent()) {
      throw new IllegalArgumentException(
          "the path and interface org.freedesktop.DBus.Local are never sent");
    }
    if (header.body().requiredUnixFds() > header.unixFds) {
      throw new IllegalArgumentException(
          "the body needs "
              + header.body().requiredUnixFds()
              + " file descriptors, the message has "
              + header.unixFds);
    }
  }

  private static void requireLengths(long fields, long total) {
    if (fields > Ranges.MAX_ARRAY_LENGTH) {
      throw new IllegalArgumentException(
          "header fields have at most 67108864 bytes, not " + fields);
    }
    if (total > MessageDecoder.MAX_MESSAGE_LENGTH) {
      throw new IllegalArgumentException("a message has at most 134217728 bytes, not " + total);
    }
  }

  private static long fieldsLength(Header header, Signature signature) {
    long length = 0;
    length = afterText(length, header.path().map(ObjectPath::value).orElse(""));
    length = afterText(length, header.interfaceName().map(InterfaceName::value).orElse(""));
    length = afterText(length, header.member().map(MemberName::value).orElse(""));
    length = afterText(length, header.errorName().map(ErrorName::value).orElse(""));
    length = header.replySerial == 0 ? length : align(length) + 8;
    length = afterText(length, header.destination().map(BusName::value).orElse(""));
    length = afterText(length, header.sender().map(BusName::value).orElse(""));
    // Code, "g" as the variant's signature, then the signature's length, text, and NUL.
    length = signature.isEmpty() ? length : align(length) + 4 + 1 + signature.length() + 1;
    return header.unixFds == 0 ? length : align(length) + 8;
  }

  /// Where a field of text ends. Code, variant's signature, length, text, and NUL. No name is
  /// empty.
  private static long afterText(long length, String text) {
    return text.isEmpty() ? length : align(length) + 4 + 4 + text.length() + 1;
  }

  private static long align(long length) {
    return (length + 7) & -8;
  }

  private void putFields(Header header, Signature signature, int start) {
    header.path().ifPresent(path -> putText(start, HeaderField.PATH, path.value()));
    header.interfaceName().ifPresent(name -> putText(start, HeaderField.INTERFACE, name.value()));
    header.member().ifPresent(name -> putText(start, HeaderField.MEMBER, name.value()));
    header.errorName().ifPresent(name -> putText(start, HeaderField.ERROR_NAME, name.value()));
    if (header.replySerial != 0) {
      putNumber(start, HeaderField.REPLY_SERIAL, header.replySerial);
    }
    header.destination().ifPresent(name -> putText(start, HeaderField.DESTINATION, name.value()));
    header.sender().ifPresent(name -> putText(start, HeaderField.SENDER, name.value()));
    if (!signature.isEmpty()) {
      putField(start, HeaderField.SIGNATURE);
      data[pos] = (byte) signature.length();
      System.arraycopy(signature.codes, 0, data, pos + 1, signature.codes.length);
      pos += 2 + signature.length();
    }
    if (header.unixFds != 0) {
      putNumber(start, HeaderField.UNIX_FDS, header.unixFds);
    }
  }

  /// Writes the code of a field and the signature of its variant.
  private void putField(int start, int code) {
    pad(start);
    data[pos] = (byte) code;
    data[pos + 1] = 1;
    data[pos + 2] = (byte) HeaderField.type(code);
    data[pos + 3] = 0;
    pos += 4;
  }

  private void putText(int start, int code, String text) {
    putField(start, code);
    putInt(pos, text.length());
    Ascii.put(text, data, pos + 4);
    data[pos + 4 + text.length()] = 0;
    pos += 5 + text.length();
  }

  private void putNumber(int start, int code, int number) {
    putField(start, code);
    putInt(pos, number);
    pos += 4;
  }

  private void putFixed(int start, Header header, int bodyLength, int serial, int fields) {
    data[start] = (byte) (little ? 'l' : 'B');
    data[start + 1] = (byte) header.typeCode;
    data[start + 2] = (byte) MessageFlag.known(header.flags);
    data[start + 3] = 1;
    putInt(start + 4, bodyLength);
    putInt(start + 8, serial);
    putInt(start + 12, fields);
  }

  /// Writes zeros up to a multiple of 8 from the start of the message.
  private void pad(int start) {
    int aligned = start + (int) align(pos - start);
    Arrays.fill(data, pos, aligned, (byte) 0);
    pos = aligned;
  }

  private void putInt(int at, int value) {
    Bytes.putInt(data, at, value, little);
  }

  private void reserve(int count) {
    if (count <= data.length - to) {
      return;
    }
    int size = size();
    long needed = (long) size + count;
    if (needed > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException("more than 2 GiB wait to be sent");
    }
    byte[] target =
        needed <= data.length
            ? data
            : new byte[(int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * data.length))];
    System.arraycopy(data, from, target, 0, size);
    data = target;
    from = 0;
    to = size;
  }
}
