package dbus.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Bytes go in, in pieces of any size, and messages come out.
///
/// ```java
/// decoder.feed(received);
/// for (Optional<Message> m = decoder.next(); m.isPresent(); m = decoder.next()) {
///   handle(m.get());
/// }
/// received.clear(); // All of it has been taken.
/// ```
///
/// Each byte is copied once, into an array that belongs to its message. A message is checked whole
/// before it comes out; every length is checked before anything is reserved for it, and a message
/// that is announced long but comes slowly takes no more than twice the memory of what has come, or
/// 64 KiB, or as much as the last message beyond that took that did come. The messages that are
/// complete before an invalid one come out first. After the invalid one the decoder is of no more
/// use, since nobody knows where the next message would begin. Not for use by several threads at
/// once. D-Bus Specification, "Message Protocol".
public final class MessageDecoder {
  /// The longest message that the specification allows, in bytes.
  public static final int MAX_MESSAGE_LENGTH = 1 << 27;

  /// What is reserved at once for a message of which less has come.
  private static final int FIRST_CAPACITY = 1 << 16;

  /// On which boundary a message begins; the places of its values follow from that.
  private static final int ALIGNMENT = 8;

  /// What is reserved at most for a message because the last large one was as long.
  private static final int LARGEST_FORESEEN = 2 << 20;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final int maxMessageLength;

  private ByteBuffer input = NOTHING;

  /// The unfinished message: as many bytes as `filled` says. Its first 16 bytes may be held in
  /// `start` until they are all there and `fixed` is known.
  private final byte[] start = new byte[FixedHeader.LENGTH];

  private byte[] message = start;
  private int filled;

  /// The length of the last message that was longer than the first capacity: whoever has sent one
  /// will send more, and they are not to be copied again and again while they come.
  private int lastLarge = FIRST_CAPACITY;

  private @Nullable FixedHeader fixed;

  private @Nullable InvalidMessageException failure;

  /// A decoder that accepts messages up to [#MAX_MESSAGE_LENGTH].
  public MessageDecoder() {
    this(MAX_MESSAGE_LENGTH);
  }

  /// A decoder with a lower limit, which is applied as soon as 16 bytes of a message are there.
  ///
  /// @param maxMessageLength the longest message to accept, in bytes, header included
  /// @throws IllegalArgumentException if the limit is under 16 bytes or over 128 MiB
  public MessageDecoder(int maxMessageLength) {
    if (maxMessageLength < FixedHeader.LENGTH || maxMessageLength > MAX_MESSAGE_LENGTH) {
      throw new IllegalArgumentException(
          "the limit for messages is 16 to 134217728 bytes, not " + maxMessageLength);
    }
    this.maxMessageLength = maxMessageLength;
  }

  /// The length of the message that begins at a buffer's position, without taking any bytes.
  ///
  /// @param bytes the first bytes of a message
  /// @return the length of the whole message, or empty if fewer than 16 bytes are there
  /// @throws InvalidMessageException if the first 16 bytes are not those of a message
  public static OptionalInt messageLength(ByteBuffer bytes) throws InvalidMessageException {
    if (bytes.remaining() < FixedHeader.LENGTH) {
      return OptionalInt.empty();
    }
    byte[] first = new byte[FixedHeader.LENGTH];
    bytes.get(bytes.position(), first);
    return OptionalInt.of(FixedHeader.read(first, 0, MAX_MESSAGE_LENGTH).messageLength());
  }

  /// A whole message, decoded where it lies. Nothing is copied: the message is a view over the
  /// array, which must not be changed as long as the message or its body is in use.
  ///
  /// @param message the bytes of one message, all and no more
  /// @return the message
  /// @throws InvalidMessageException if the bytes are not a valid message
  public static Message decode(byte[] message) throws InvalidMessageException {
    return decode(message, 0, message.length);
  }

  /// A whole message, wherever it lies: in a buffer over an array, in a direct, mapped, or
  /// read-only one, and, by way of `MemorySegment.asByteBuffer()`, in other memory.
  ///
  /// If the buffer gives its array away ([ByteBuffer#hasArray()]) and the message begins at a
  /// multiple of 8 bytes of that, it is decoded where it lies, and is a view over the array, as in
  /// [#decode(byte\[\])]. From everywhere else it is copied first, at once, and the buffer is free
  /// again as soon as this method returns. Whoever wants to spare the new array for that copies by
  /// himself, into an array that is used again, and wraps it.
  ///
  /// @param message the bytes of one message, all and no more, from the buffer's position to its
  ///   limit, neither of which is changed; its byte order does not matter
  /// @return the message
  /// @throws InvalidMessageException if the bytes are not a valid message
  public static Message decode(ByteBuffer message) throws InvalidMessageException {
    if (message.hasArray()) {
      int start = message.arrayOffset() + message.position();
      if ((start & (ALIGNMENT - 1)) == 0) {
        return decode(message.array(), start, message.remaining());
      }
    }
    int length = message.remaining();
    byte[] first = new byte[Math.min(length, FixedHeader.LENGTH)];
    message.get(message.position(), first);
    FixedHeader fixed = fixed(first, 0, length);
    byte[] copy = new byte[length];
    message.get(message.position(), copy);
    // What was checked is what is decoded, even if others write to the memory.
    System.arraycopy(first, 0, copy, 0, first.length);
    return MessageParser.parse(copy, 0, fixed);
  }

  private static Message decode(byte[] data, int start, int length) throws InvalidMessageException {
    FixedHeader fixed = fixed(data, start, length);
    try {
      return MessageParser.parse(data, start, fixed);
    } catch (InvalidMessageException e) {
      throw e.from(start);
    }
  }

  /// Reads the first 16 bytes of a message that has `length` bytes.
  private static FixedHeader fixed(byte[] data, int start, int length)
      throws InvalidMessageException {
    if (length < FixedHeader.LENGTH) {
      throw new InvalidMessageException(
          Violation.OVERRUN, length, "a message has at least 16 bytes, not " + length);
    }
    FixedHeader fixed = FixedHeader.read(data, start, MAX_MESSAGE_LENGTH);
    int announced = fixed.messageLength();
    if (announced != length) {
      throw new InvalidMessageException(
          announced > length ? Violation.OVERRUN : Violation.BODY_TOO_LONG,
          Math.min(length, announced),
          "the message announces " + announced + " bytes, here are " + length);
    }
    return fixed;
  }

  /// Hands bytes over. They are taken from the buffer, from its position on, as [#next()] is
  /// called; once that returns empty, all have been taken and the buffer can be used again.
  ///
  /// @param bytes the bytes that follow the ones fed before
  /// @throws IllegalStateException if bytes fed before have not all been taken, or an invalid
  ///   message came before
  public void feed(ByteBuffer bytes) {
    if (failure != null) {
      throw new IllegalStateException("nothing is decoded after an invalid message", failure);
    }
    if (input.hasRemaining()) {
      throw new IllegalStateException(
          input.remaining() + " bytes fed before are still to be taken: call next() until empty");
    }
    input = bytes;
  }

  /// The next message.
  ///
  /// @return a message, or empty if more bytes are needed for one
  /// @throws InvalidMessageException if the bytes are not a valid message; from then on always
  public Optional<Message> next() throws InvalidMessageException {
    if (failure != null) {
      throw failure;
    }
    try {
      return decode();
    } catch (InvalidMessageException e) {
      failure = e;
      message = start;
      input = NOTHING;
      throw e;
    }
  }

  /// How many bytes are reserved for the message that is not complete: for those that have come,
  /// and some that may come.
  ///
  /// @return the number, 0 if no message has begun
  public int reserved() {
    return fixed == null ? filled : message.length;
  }

  /// How many bytes of an unfinished message have been taken.
  ///
  /// @return 0 between two messages
  public int pending() {
    return filled;
  }

  /// How many bytes are needed, at least, until the next message comes out.
  ///
  /// @return 16 between two messages; inside one, what it lacks as far as is known
  public int missing() {
    return (fixed == null ? FixedHeader.LENGTH : fixed.messageLength()) - filled;
  }

  private Optional<Message> decode() throws InvalidMessageException {
    FixedHeader known = fixed;
    if (known == null) {
      if (filled == 0 && input.hasArray() && input.remaining() >= FixedHeader.LENGTH) {
        int at = input.arrayOffset() + input.position();
        FixedHeader read = FixedHeader.read(input.array(), at, maxMessageLength);
        int length = read.messageLength();
        if (input.remaining() >= length) {
          return Optional.of(MessageParser.parse(cut(at, length), 0, read));
        }
      }
      known = begin();
      if (known == null) {
        return Optional.empty();
      }
    }
    int length = known.messageLength();
    take(length);
    if (filled < length) {
      return Optional.empty();
    }
    if (length > FIRST_CAPACITY) {
      lastLarge = length;
    }
    byte[] whole = message;
    message = start;
    filled = 0;
    fixed = null;
    return Optional.of(MessageParser.parse(whole, 0, known));
  }

  /// Takes a message that is whole in the input's array. A copy of a range, unlike a new array that
  /// is filled, is not set to 0 first.
  private byte[] cut(int at, int length) {
    byte[] whole = Arrays.copyOfRange(input.array(), at, at + length);
    input.position(input.position() + length);
    if (!input.hasRemaining()) {
      input = NOTHING;
    }
    return whole;
  }

  /// Reads the first 16 bytes and reserves memory for the message. Returns null if some of them are
  /// missing.
  private @Nullable FixedHeader begin() throws InvalidMessageException {
    take(FixedHeader.LENGTH);
    if (filled < FixedHeader.LENGTH) {
      return null;
    }
    FixedHeader read = FixedHeader.read(start, 0, maxMessageLength);
    int length = read.messageLength();
    int likely = Math.max(filled + input.remaining(), Math.min(lastLarge, LARGEST_FORESEEN));
    message = new byte[Math.min(length, likely)];
    System.arraycopy(start, 0, message, 0, filled);
    fixed = read;
    return read;
  }

  /// Takes bytes from the input until `length` are there or it is empty; the array grows with them,
  /// and is exactly as long as the message when all are there.
  private void take(int length) {
    int count = Math.min(length - filled, input.remaining());
    int needed = filled + count;
    if (needed > message.length) {
      message =
          Arrays.copyOf(message, (int) Math.min(length, Math.max(needed, 2L * message.length)));
    }
    input.get(message, filled, count);
    filled = needed;
    if (!input.hasRemaining()) {
      input = NOTHING;
    }
  }
}
