package dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The arguments of a message: a signature, and the marshalled values that it describes.
///
/// A body is immutable and valid; whoever has one can read it without fear of its bytes. It is made
/// from values, with a [Codec], or with a [WireWriter], or it comes with a message that was
/// received, whose bytes it then shares. Two bodies are equal if their signatures and values are,
/// whatever their byte orders. D-Bus Specification, "Message Format".
///
/// Where an argument is a `UNIX_FD`, the body also holds the file descriptors, in [#unixFds()];
/// they are not compared. Who has the body has to close them.
public final class Body {
  /// No arguments.
  public static final Body EMPTY =
      new Body(Signature.EMPTY, isLittle(ByteOrder.nativeOrder()), new byte[0], 0, 0, 0, true);

  private static final int FIRST_CAPACITY = 128;

  private final Signature signature;
  private final boolean little;
  private final byte[] data;
  private final int from;
  private final int to;
  private final int requiredUnixFds;

  /// Whether every text is known to be ASCII.
  private final boolean ascii;

  private final UnixFds unixFds;

  /// Takes over bytes that are valid; `from` is a multiple of 8.
  Body(
      Signature signature,
      boolean little,
      byte[] data,
      int from,
      int to,
      int requiredUnixFds,
      boolean ascii) {
    this(signature, little, data, from, to, requiredUnixFds, ascii, UnixFds.NONE);
  }

  private Body(
      Signature signature,
      boolean little,
      byte[] data,
      int from,
      int to,
      int requiredUnixFds,
      boolean ascii,
      UnixFds unixFds) {
    this.signature = signature;
    this.little = little;
    this.data = data;
    this.from = from;
    this.to = to;
    this.requiredUnixFds = requiredUnixFds;
    this.ascii = ascii;
    this.unixFds = unixFds;
  }

  /// A body of some values, in native byte order.
  ///
  /// @param values the arguments; their types make the signature
  /// @return the body
  /// @throws IllegalArgumentException if the signature would be longer than 255 bytes, the values
  ///   are nested deeper than 64 containers, a dictionary has a key twice, a UNIX_FD is no index
  ///   from 0 to 252, or a limit of length is exceeded
  public static Body of(Value... values) {
    if (values.length == 0) {
      return EMPTY;
    }
    Type[] types = Arrays.stream(values).map(Value::type).toArray(Type[]::new);
    return write(
        Signature.of(types),
        writer -> {
          for (Value value : values) {
            writer.writeValue(value);
          }
        });
  }

  /// A body of one argument, in native byte order.
  ///
  /// @param codec how the argument is written
  /// @param argument the argument
  /// @param <T> its Java type
  /// @return the body
  /// @throws IllegalArgumentException if the codec refuses the argument
  public static <T> Body of(Codec<T> codec, T argument) {
    return write(Signature.of(codec.type()), writer -> codec.write(writer, argument));
  }

  /// A body that is written value by value, in native byte order.
  ///
  /// @param signature the types of the arguments
  /// @param arguments writes the arguments, all of them
  /// @return the body
  /// @throws IllegalStateException if what is written does not follow the signature to its end
  /// @throws IllegalArgumentException if a value is refused
  public static Body write(Signature signature, Consumer<? super WireWriter> arguments) {
    return write(signature, ByteOrder.nativeOrder(), arguments);
  }

  /// A body that is written value by value.
  ///
  /// @param signature the types of the arguments
  /// @param order the byte order
  /// @param arguments writes the arguments, all of them
  /// @return the body
  /// @throws IllegalStateException if what is written does not follow the signature to its end
  /// @throws IllegalArgumentException if a value is refused
  public static Body write(
      Signature signature, ByteOrder order, Consumer<? super WireWriter> arguments) {
    WireWriter writer = new WireWriter(signature, isLittle(order), new byte[FIRST_CAPACITY]);
    arguments.accept(writer);
    return writer.finish();
  }

  /// A body of marshalled values that lie in memory: the counterpart of [#bytes()]. They are
  /// checked as those of a message are, and copied first, at once, so that the buffer is free again
  /// as soon as this method returns. Other memory than a buffer's has
  /// `MemorySegment.asByteBuffer()`.
  ///
  /// @param signature the types of the values
  /// @param order the byte order in which they were marshalled
  /// @param values the values, all and no more, from the buffer's position to its limit, neither of
  ///   which is changed; alignment counts from the position, and its own byte order does not matter
  /// @return the body, without file descriptors
  /// @throws InvalidMessageException if the bytes are not values of the signature; its offset
  ///   counts from the position
  public static Body decode(Signature signature, ByteOrder order, ByteBuffer values)
      throws InvalidMessageException {
    int length = values.remaining();
    if (length > MessageDecoder.MAX_MESSAGE_LENGTH - FixedHeader.LENGTH) {
      throw new InvalidMessageException(
          Violation.MESSAGE_TOO_LONG, 0, "no message has room for values of " + length + " bytes");
    }
    // Behind as many bytes as the check may look back from the first value.
    byte[] data = new byte[BodyValidator.FIRST + length];
    values.get(values.position(), data, BodyValidator.FIRST, length);
    BodyValidator validator = new BodyValidator(data, isLittle(order), Ranges.MAX_UNIX_FDS);
    try {
      validator.body(signature, BodyValidator.FIRST, data.length);
    } catch (InvalidMessageException e) {
      throw e.from(BodyValidator.FIRST);
    }
    return new Body(
        signature,
        isLittle(order),
        data,
        BodyValidator.FIRST,
        data.length,
        validator.unixFds(),
        validator.isAscii());
  }

  /// The types of the arguments.
  ///
  /// @return the signature, empty if there are none
  public Signature signature() {
    return signature;
  }

  /// The byte order of the marshalled values.
  ///
  /// @return the order
  public ByteOrder byteOrder() {
    return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /// Whether there are no arguments.
  ///
  /// @return true if the signature is empty
  public boolean isEmpty() {
    return signature.isEmpty();
  }

  /// The length of the marshalled values.
  ///
  /// @return bytes
  public int length() {
    return to - from;
  }

  /// The marshalled values.
  ///
  /// @return a new read-only view, in this body's byte order
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(data, from, to - from).slice().asReadOnlyBuffer().order(byteOrder());
  }

  /// A cursor at the first argument.
  ///
  /// @return a new cursor
  public WireReader reader() {
    return new WireReader(signature, data, from, to, little, ascii, unixFds);
  }

  /// A cursor at one of the arguments. Those before it are skipped, of whatever size and type they
  /// are, and no object is made of them; nor is one made of those behind, unless they are read. So
  /// who wants one argument (a match rule, a router) pays for that one.
  ///
  /// ```java
  /// WireReader reader = body.reader(3);
  /// if (reader.nextType() == BasicType.STRING && reader.readString().equals(wanted)) {
  /// ```
  ///
  /// @param argument which one, from 0
  /// @return a new cursor, with that argument and those behind it to read
  /// @throws IndexOutOfBoundsException if there are not so many arguments; says how many there are
  public WireReader reader(int argument) {
    int count = signature.types().size();
    if (argument < 0 || argument >= count) {
      throw new IndexOutOfBoundsException(
          "argument " + argument + " of the signature \"" + signature + "\", which has " + count);
    }
    WireReader reader = reader();
    for (int i = 0; i < argument; i++) {
      reader.skip();
    }
    return reader;
  }

  /// Points a cursor at the first argument.
  void start(WireReader reader) {
    reader.restart(signature, data, from, to, little, ascii, unixFds);
  }

  /// The arguments as objects.
  ///
  /// @return an unmodifiable list
  public List<Value> values() {
    return List.copyOf(ValueReader.rest(reader()));
  }

  /// The only argument of this body.
  ///
  /// @param codec how the argument is read
  /// @param <T> its Java type
  /// @return the argument
  /// @throws SignatureMismatchException if the signature is not the codec's type, as may happen
  ///   with what a peer sent
  /// @throws IllegalArgumentException if the codec refuses the value
  public <T> T read(Codec<T> codec) throws SignatureMismatchException {
    if (!signature.isExactly(codec.type())) {
      throw new SignatureMismatchException(Signature.of(codec.type()), signature);
    }
    return codec.read(reader());
  }

  /// The same arguments in the given byte order. Costs as many bytes as the arguments have, if they
  /// have the other order.
  ///
  /// @param order the byte order
  /// @return this body if it has that order already
  public Body withByteOrder(ByteOrder order) {
    if (isLittle(order) == little) {
      return this;
    }
    byte[] other = Arrays.copyOfRange(data, from, to);
    ByteOrderSwap.swap(signature, other, little);
    return new Body(signature, !little, other, 0, other.length, requiredUnixFds, ascii, unixFds);
  }

  /// The file descriptors that the arguments, as far as they are `UNIX_FD`, count from 0. They
  /// belong to this body, and to all that were made of it.
  ///
  /// @return the descriptors; none in a body that was decoded, until somebody adds them
  public UnixFds unixFds() {
    return unixFds;
  }

  /// The same arguments with other descriptors.
  ///
  /// @param unixFds the descriptors, which then belong to the new body
  /// @return the new body
  public Body withUnixFds(UnixFds unixFds) {
    return unixFds == this.unixFds
        ? this
        : new Body(signature, little, data, from, to, requiredUnixFds, ascii, unixFds);
  }

  /// How many descriptors must travel with this body: one more than the highest UNIX_FD in it. For
  /// a body that was received, the number that its message declared.
  int requiredUnixFds() {
    return requiredUnixFds;
  }

  /// Copies the marshalled values.
  void copyTo(byte[] target, int at) {
    System.arraycopy(data, from, target, at, to - from);
  }

  /// Copies some of the marshalled values.
  ///
  /// @param at where they begin in this body
  void copyTo(ByteBuffer target, int at, int count) {
    target.put(data, from + at, count);
  }

  static boolean isLittle(ByteOrder order) {
    return order == ByteOrder.LITTLE_ENDIAN;
  }

  // Marshalling is canonical: in one byte order, equal values have equal bytes.
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Body that) || !signature.equals(that.signature)) {
      return false;
    }
    Body same = that.withByteOrder(byteOrder());
    return Arrays.equals(data, from, to, same.data, same.from, same.to);
  }

  @Override
  public int hashCode() {
    return 31 * signature.hashCode() + length();
  }

  /// The signature and the length, for people.
  @Override
  public String toString() {
    return "[" + signature + ", " + length() + " bytes]";
  }
}
