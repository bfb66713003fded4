package dbus.testkit.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// One change to the bytes of a message. `where` is a place as a fraction of the message's length,
/// so that the same mutation can be applied while the message shrinks.
sealed interface Mutation {
  /// Bytes that mean something: type codes, what names are made of, borders of UTF-8 and of flags.
  String TELLING =
      "\0\1\2\3\4\5\b\t\n\u000b ybnqiuxtdhsogav(){}/.:-_lB\u007f\u0080\u00bf\u00c0\u00ed\u00f4\u00ff";

  int BODY_LENGTH_AT = 4;
  int FIELDS_LENGTH_AT = 12;

  /// The changed bytes; the given ones stay as they are.
  byte[] applyTo(byte[] message);

  static Arbitrary<Mutation> any() {
    Arbitrary<Double> where = Arbitraries.doubles().between(0, true, 1, false).ofScale(4);
    Arbitrary<Byte> bytes =
        Arbitraries.oneOf(
            Arbitraries.chars().with(TELLING).map(c -> (byte) c.charValue()), Arbitraries.bytes());
    Arbitrary<Integer> numbers =
        Arbitraries.oneOf(
            Arbitraries.of(
                0,
                1,
                2,
                4,
                7,
                8,
                255,
                1 << 26,
                (1 << 26) + 1,
                1 << 27,
                Integer.MAX_VALUE,
                Integer.MIN_VALUE,
                -1),
            Arbitraries.integers().between(0, 64));
    return Arbitraries.frequencyOf(
            Tuple.of(3, Combinators.combine(where, bytes).as((w, b) -> (Mutation) new Put(w, b))),
            Tuple.of(
                2,
                Combinators.combine(where, Arbitraries.integers().between(0, 7))
                    .as((w, b) -> (Mutation) new Flip(w, b))),
            Tuple.of(
                2, Combinators.combine(where, numbers).as((w, n) -> (Mutation) new PutInt(w, n))),
            Tuple.of(
                1,
                Combinators.combine(where, Arbitraries.of(-8, -4, -1, 1, 4, 8))
                    .as((w, n) -> (Mutation) new Resize(w, n))),
            Tuple.of(
                1,
                Combinators.combine(
                        Arbitraries.of(BODY_LENGTH_AT, FIELDS_LENGTH_AT),
                        Arbitraries.of(-8, -4, -1, 1, 4, 8))
                    .as((w, n) -> (Mutation) new Lengthen(w, n))))
        .withoutEdgeCases();
  }

  /// Another byte in the place of one.
  record Put(double where, byte value) implements Mutation {
    @Override
    public byte[] applyTo(byte[] message) {
      byte[] copy = message.clone();
      if (copy.length > 0) {
        copy[place(where, copy.length, 1)] = value;
      }
      return copy;
    }
  }

  /// One bit the other way round.
  record Flip(double where, int bit) implements Mutation {
    @Override
    public byte[] applyTo(byte[] message) {
      byte[] copy = message.clone();
      if (copy.length > 0) {
        copy[place(where, copy.length, 1)] ^= (byte) (1 << bit);
      }
      return copy;
    }
  }

  /// Another number where a UINT32 may stand, in the byte order of the message.
  record PutInt(double where, int value) implements Mutation {
    @Override
    public byte[] applyTo(byte[] message) {
      byte[] copy = message.clone();
      if (copy.length >= Integer.BYTES) {
        buffer(copy).putInt(place(where, copy.length, Integer.BYTES), value);
      }
      return copy;
    }
  }

  /// Bytes of 0 put in, or bytes taken out behind the fixed header; the length of the body is
  /// corrected by as much.
  record Resize(double where, int by) implements Mutation {
    @Override
    public byte[] applyTo(byte[] message) {
      int at = Math.max(Math.min(16, message.length), place(where, message.length, 1));
      byte[] head = Arrays.copyOf(message, at + Math.max(by, 0));
      byte[] tail =
          Arrays.copyOfRange(
              message, Math.min(at + Math.max(-by, 0), message.length), message.length);
      byte[] copy = Arrays.copyOf(head, head.length + tail.length);
      System.arraycopy(tail, 0, copy, head.length, tail.length);
      return add(copy, BODY_LENGTH_AT, copy.length - message.length);
    }
  }

  /// One of the two lengths in the fixed header a little longer or shorter.
  record Lengthen(int at, int by) implements Mutation {
    @Override
    public byte[] applyTo(byte[] message) {
      return add(message.clone(), at, by);
    }
  }

  private static int place(double where, int length, int unit) {
    int units = length / unit;
    return (int) Math.floor(where * units) * unit;
  }

  private static byte[] add(byte[] message, int at, int value) {
    if (message.length >= at + Integer.BYTES) {
      ByteBuffer buffer = buffer(message);
      buffer.putInt(at, buffer.getInt(at) + value);
    }
    return message;
  }

  private static ByteBuffer buffer(byte[] message) {
    return ByteBuffer.wrap(message)
        .order(message[0] == 'B' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }
}
