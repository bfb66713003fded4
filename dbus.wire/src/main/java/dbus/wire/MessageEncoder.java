package dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/// Messages go in, bytes come out.
///
/// Messages are appended to a buffer that grows; what is in it can be taken in pieces of any size,
/// so that many small messages leave in one write. A large body is not copied to it, but must not
/// change until its bytes have been taken. One message has one encoding: header fields stand in
/// ascending order of their codes, and only those that say something. An error leaves the buffer as
/// it was. Not for use by several threads at once. D-Bus Specification, "Message Format".
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
///
/// The arguments of a message need not be made into a [Body] before: what they are can be written
/// straight into the buffer, by a writer that is used again and again. In the long run that
/// allocates nothing.
///
/// ```java
/// encoder.append(call, nextSerial, SIGNATURE, writer -> writer.writeString(text));
/// ```
public final class MessageEncoder {
  private static final int FIRST_CAPACITY = 512;

  private static final int KEPT_CAPACITY = 1 << 18;

  /// A body beyond this is not copied here: it stays where it is until its bytes are taken.
  private static final int LARGEST_COPIED = 1 << 15;

  private final int keptCapacity;
  private final HeaderWriter headers = new HeaderWriter();
  private final WireWriter writer = new WireWriter();

  private byte[] data = new byte[FIRST_CAPACITY];

  /// The large bodies of messages whose headers are in `data`.
  private final AttachedBodies attached = new AttachedBodies();

  /// What lies between these two has not been taken.
  private int from;

  private int to;

  /// Whether arguments are being written by the caller.
  private boolean writing;

  /// An encoder with an empty buffer, of which 256 KiB are kept when it is empty again.
  public MessageEncoder() {
    this(KEPT_CAPACITY);
  }

  /// An encoder with an empty buffer.
  ///
  /// @param keptCapacity a buffer that has grown larger than this, in bytes, is let go when it is
  ///   empty; more spares work where large messages are frequent, less saves memory
  /// @throws IllegalArgumentException if it is negative
  public MessageEncoder(int keptCapacity) {
    if (keptCapacity < 0) {
      throw new IllegalArgumentException("a capacity is not negative: " + keptCapacity);
    }
    this.keptCapacity = keptCapacity;
  }

  /// The bytes of one message.
  ///
  /// @param message the message
  /// @param serial its serial, an unsigned 32-bit number, not 0
  /// @param order the byte order
  /// @return a new array
  /// @throws IllegalArgumentException as [#append(Message, int, ByteOrder)]
  public static byte[] encode(Message message, int serial, ByteOrder order) {
    MessageEncoder encoder = new MessageEncoder();
    byte[] all = new byte[encoder.append(message, serial, order)];
    int _ = encoder.drainTo(ByteBuffer.wrap(all));
    return all;
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
    Body body = header.body().withByteOrder(order);
    requireSendable(header, serial);
    requireUnixFds(body.requiredUnixFds(), header);
    int bodyAt = begin(header, serial, order, body.signature(), body.length());
    if (body.length() > LARGEST_COPIED) {
      int length = end(bodyAt) + body.length();
      attached.add(bodyAt, body);
      return length;
    }
    body.copyTo(data, bodyAt);
    return end(bodyAt + body.length());
  }

  /// Appends a message whose arguments are written straight into the buffer, in its own byte order;
  /// see [#append(Message, int, ByteOrder, Signature, Consumer)].
  ///
  /// @param message the message; its own serial and body do not matter
  /// @param serial the serial to write, an unsigned 32-bit number, not 0
  /// @param signature the types of the arguments
  /// @param arguments writes the arguments, all of them
  /// @return how many bytes were appended
  /// @throws IllegalArgumentException as there
  /// @throws IllegalStateException as there
  public int append(
      Message message, int serial, Signature signature, Consumer<? super WireWriter> arguments) {
    return append(message, serial, message.byteOrder(), signature, arguments);
  }

  /// Appends a message whose arguments are written straight into the buffer. The cursor that is
  /// handed to `arguments` is the same every time, and valid during that call only.
  ///
  /// @param message the message; its own serial and body do not matter
  /// @param serial the serial to write, an unsigned 32-bit number, not 0
  /// @param order the byte order
  /// @param signature the types of the arguments
  /// @param arguments writes the arguments, all of them; it must leave this encoder alone
  /// @return how many bytes were appended
  /// @throws IllegalArgumentException as [#append(Message, int, ByteOrder)], or if a value is
  ///   refused
  /// @throws IllegalStateException if what is written does not follow the signature to its end
  public int append(
      Message message,
      int serial,
      ByteOrder order,
      Signature signature,
      Consumer<? super WireWriter> arguments) {
    Header header = ((AbstractMessage) message).header;
    requireSendable(header, serial);
    int bodyAt = begin(header, serial, order, signature, 0);
    int start = to;
    writer.restart(signature, Body.isLittle(order), data, start, bodyAt);
    writing = true;
    try {
      arguments.accept(writer);
      writer.requireComplete();
      requireUnixFds(writer.requiredUnixFds(), header);
      data = writer.data();
      int end = writer.position();
      HeaderWriter.putBodyLength(data, start, end - bodyAt);
      return end(end);
    } finally {
      writing = false;
      writer.end();
    }
  }

  /// Writes a header and what pads it, makes room for the body, and returns the body's place.
  private int begin(
      Header header, int serial, ByteOrder order, Signature signature, int bodyLength) {
    if (writing) {
      throw new IllegalStateException("the arguments of another message are being written");
    }
    boolean little = Body.isLittle(order);
    headers.measure(header, little, signature, bodyLength);
    requireRoom(headers.messageLength());
    reserve(
        bodyLength > LARGEST_COPIED
            ? headers.messageLength() - bodyLength
            : headers.messageLength());
    return headers.put(data, to, header, serial, little, signature, bodyLength);
  }

  private int end(int end) {
    int length = end - to;
    to = end;
    return length;
  }

  /// How many bytes wait to be taken.
  ///
  /// @return the number
  public int size() {
    return to - from + attached.size();
  }

  /// Takes as many bytes as there are and fit.
  ///
  /// @param target receives the bytes
  /// @return how many were taken
  public int drainTo(ByteBuffer target) {
    requireNotWriting();
    int before = target.remaining();
    while (target.hasRemaining() && size() > 0) {
      int here = Math.min(attached.distance(from, to), target.remaining());
      target.put(data, from, here);
      from += here;
      if (target.hasRemaining()) {
        attached.drainTo(target, from);
      }
    }
    letGo();
    return before - target.remaining();
  }

  /// The bytes that wait, to be written without a further copy, unless large bodies are among them;
  /// [#discard(int)] takes them away.
  ///
  /// @return a read-only view, valid until the encoder is next used
  public ByteBuffer peek() {
    if (attached.size() > 0) {
      copyAttached();
    }
    return ByteBuffer.wrap(data, from, size()).slice().asReadOnlyBuffer();
  }

  /// Takes bytes away that were written from [#peek()].
  ///
  /// @param count how many
  /// @throws IllegalArgumentException if there are not so many
  public void discard(int count) {
    requireNotWriting();
    if (count < 0 || count > size()) {
      throw new IllegalArgumentException(count + " bytes to discard, of " + size());
    }
    int left = count;
    while (left > 0) {
      int here = Math.min(attached.distance(from, to), left);
      from += here;
      left -= here;
      left -= attached.discard(left, from);
    }
    letGo();
  }

  private void requireNotWriting() {
    if (writing) {
      throw new IllegalStateException("the arguments of a message are being written");
    }
  }

  /// Lets a large buffer go when it is empty.
  private void letGo() {
    if (size() == 0) {
      from = 0;
      to = 0;
      if (data.length > Math.max(keptCapacity, FIRST_CAPACITY)) {
        data = new byte[FIRST_CAPACITY];
      }
    }
  }

  /// Puts everything into one array.
  private void copyAttached() {
    ByteBuffer all = ByteBuffer.allocate(size());
    int _ = drainTo(all);
    data = all.array();
    from = 0;
    to = data.length;
  }

  private static void requireSendable(Header header, int serial) {
    if (serial == 0) {
      throw new IllegalArgumentException("the serial of a message is not 0");
    }
    if (MessageType.ofCode(header.typeCode) == MessageType.UNKNOWN) {
      throw new IllegalArgumentException(
          "a message of type " + header.typeCode + " cannot be sent; the types are 1 to 4");
    }
    if (header.isReserved()) {
      throw new IllegalArgumentException(
          "the path and interface org.freedesktop.DBus.Local are never sent");
    }
  }

  private static void requireUnixFds(int required, Header header) {
    if (required > header.unixFds) {
      throw new IllegalArgumentException(
          "the body needs " + required + " file descriptors, the message has " + header.unixFds);
    }
  }

  private void requireRoom(int count) {
    if ((long) size() + count > Bytes.MAX_LENGTH) {
      throw new IllegalStateException("more than 2 GiB wait to be sent");
    }
  }

  private void reserve(int count) {
    if (count <= data.length - to) {
      return;
    }
    int size = to - from;
    long needed = (long) size + count;
    byte[] target = needed <= data.length ? data : new byte[Bytes.grown(data.length, needed)];
    System.arraycopy(data, from, target, 0, size);
    attached.moved(-from);
    data = target;
    from = 0;
    to = size;
  }
}
