package dbus.testkit.wire;

import dbus.wire.Body;
import dbus.wire.Signature;
import dbus.wire.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// A message made of parts that need not fit together.
record AssembledMessage(int type, int flags, int serial, List<Field> fields, Body body) {
  private static final int SIGNATURE = 8;

  /// A header field.
  sealed interface Field {
    byte[] bytes(ByteOrder order);

    /// A field of a well-formed value.
    record OfValue(int code, Value value) implements Field {
      @Override
      public byte[] bytes(ByteOrder order) {
        Value field = Value.Struct.of(new Value.Byte(code), new Value.Variant(value));
        return AssembledMessage.bytes(Body.of(field).withByteOrder(order));
      }
    }

    /// A field of any text as any of the types `s`, `o`, and `g`.
    record OfText(int code, char type, String text) implements Field {
      @Override
      public byte[] bytes(ByteOrder order) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer field = ByteBuffer.allocate(4 + Integer.BYTES + bytes.length + 1).order(order);
        field.put(new byte[] {(byte) code, 1, (byte) type, 0});
        if (type == 'g') {
          // A longer text has no place behind one byte of length.
          int length = Math.min(bytes.length, Signature.MAX_LENGTH);
          field.put((byte) length).put(bytes, 0, length).put((byte) 0);
        } else {
          field.putInt(bytes.length).put(bytes).put((byte) 0);
        }
        return Arrays.copyOf(field.array(), field.position());
      }
    }
  }

  /// One of the known fields, twice, and luck, which decides how often it occurs.
  private record Draw(Field one, Field another, int luck) {
    static final int LUCKS = 60;

    List<Field> occurring(boolean required) {
      return switch (luck) {
        case 0 -> List.of();
        case 1 -> List.of(one, another);
        default -> required || luck % 5 == 0 ? List.of(one) : List.of();
      };
    }
  }

  // Made once, since jqwik is much faster with generators that it knows already.
  private static final Arbitrary<AssembledMessage> ANY =
      Known.of(
          Combinators.combine(
                  types(),
                  Arbitraries.integers().between(0, 255),
                  MessageArbitraries.serials(),
                  Common.any(),
                  draws(),
                  unknown(),
                  Arbitraries.randoms())
              .as(AssembledMessage::of));

  static Arbitrary<AssembledMessage> any() {
    return ANY;
  }

  private static AssembledMessage of(
      int type,
      int flags,
      int serial,
      Common common,
      List<Draw> draws,
      List<Field> unknown,
      Random random) {
    Body body = common.body();
    Field signature = new Field.OfText(SIGNATURE, 'g', body.signature().toString());
    List<Field> fields = new ArrayList<>(unknown);
    for (int i = 0; i < draws.size(); i++) {
      int code = i + 1;
      Draw draw = draws.get(i);
      if (code == SIGNATURE && draw.luck > 2) {
        draw = new Draw(signature, draw.another, draw.luck);
      }
      fields.addAll(draw.occurring(isRequired(code, type, body)));
    }
    Collections.shuffle(fields, random);
    return new AssembledMessage(type, flags, serial, List.copyOf(fields), body);
  }

  private static boolean isRequired(int code, int type, Body body) {
    return switch (code) {
      case 1, 3 -> type == 1 || type == 4;
      case 2 -> type == 4;
      case 4 -> type == 3;
      case 5 -> type == 2 || type == 3;
      case SIGNATURE -> !body.isEmpty();
      default -> false;
    };
  }

  private static Arbitrary<Integer> types() {
    return Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.integers().between(1, 4)), Tuple.of(1, Arbitraries.of(5, 6, 255)));
  }

  /// The known fields, in the order of their codes.
  private static Arbitrary<List<Draw>> draws() {
    List<Arbitrary<Field>> fields =
        List.of(
            text(1, 'o', NameArbitraries.objectPaths()),
            text(2, 's', NameArbitraries.interfaceNames()),
            text(3, 's', NameArbitraries.memberNames()),
            text(4, 's', NameArbitraries.errorNames()),
            numbers(5, MessageArbitraries.serials(), 0),
            text(6, 's', NameArbitraries.busNames()),
            text(7, 's', NameArbitraries.busNames()),
            WireTexts.signatures().map(text -> new Field.OfText(SIGNATURE, 'g', text)),
            numbers(9, Arbitraries.just(0), 1));
    Arbitrary<Integer> luck = Arbitraries.integers().between(0, Draw.LUCKS - 1);
    return Combinators.combine(
            fields.stream()
                .map(Known::of)
                .map(field -> Known.of(Combinators.combine(field, field, luck).as(Draw::new)))
                .toList())
        .as(draws -> draws);
  }

  /// A field of text: mostly a valid name, sometimes nearly one; mostly of its type.
  private static Arbitrary<Field> text(int code, char type, Arbitrary<?> names) {
    return Combinators.combine(
            mostly(names.map(Object::toString), WireTexts.names()),
            mostly(Arbitraries.just(type), Arbitraries.of('s', 'o')))
        .as((text, itsType) -> new Field.OfText(code, itsType, text));
  }

  private static Arbitrary<Field> numbers(int code, Arbitrary<Integer> usual, int unusual) {
    Arbitrary<Value> numbers =
        mostly(usual, Arbitraries.just(unusual))
            .map(n -> new Value.UInt32(Integer.toUnsignedLong(n)));
    return mostly(numbers, ValueArbitraries.values()).map(value -> new Field.OfValue(code, value));
  }

  /// Fields that nobody knows, and code 0, which is never right.
  private static Arbitrary<List<Field>> unknown() {
    Arbitrary<Integer> codes = mostly(Arbitraries.integers().between(10, 255), Arbitraries.just(0));
    Arbitrary<Field> field =
        Combinators.combine(codes, ValueArbitraries.values())
            .as((code, value) -> new Field.OfValue(code, value));
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.just(List.of())),
        Tuple.of(1, Known.of(field.list().ofMinSize(1).ofMaxSize(2))));
  }

  private static <T> Arbitrary<T> mostly(Arbitrary<T> usual, Arbitrary<T> unusual) {
    return Known.of(
        Arbitraries.frequencyOf(Tuple.of(40, Known.of(usual)), Tuple.of(1, Known.of(unusual))));
  }

  private static byte[] bytes(Body body) {
    byte[] bytes = new byte[body.length()];
    body.bytes().get(bytes);
    return bytes;
  }

  byte[] bytes() {
    ByteOrder order = body.byteOrder();
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    for (Field field : fields) {
      pad(array);
      array.writeBytes(field.bytes(order));
    }
    int fieldsLength = array.size();
    pad(array);
    return ByteBuffer.allocate(16 + array.size() + body.length())
        .order(order)
        .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'l' : 'B'))
        .put((byte) type)
        .put((byte) flags)
        .put((byte) 1)
        .putInt(body.length())
        .putInt(serial)
        .putInt(fieldsLength)
        .put(array.toByteArray())
        .put(body.bytes())
        .array();
  }

  private static void pad(ByteArrayOutputStream out) {
    while (out.size() % 8 != 0) {
      out.write(0);
    }
  }
}
