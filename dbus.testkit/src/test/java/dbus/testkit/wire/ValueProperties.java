package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.BasicType;
import dbus.wire.Body;
import dbus.wire.InvalidMessageException;
import dbus.wire.Signature;
import dbus.wire.Type;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

class ValueProperties {

  @Property
  @Label("a value that is written is read again")
  void whatIsWrittenIsRead(@ForAll("values") Value value) {
    assertEquals(List.of(value), Body.of(value).values());
  }

  @Property
  @Label("WIRE-33, WIRE-07 every value survives both byte orders, at every alignment")
  void roundTripAtEveryAlignment(
      @ForAll("values") Value value,
      @ForAll @IntRange(max = 7) int bytesBefore,
      @ForAll("byteOrders") ByteOrder order) {
    List<Value> values = new ArrayList<>(Collections.nCopies(bytesBefore, new Value.Byte(0xff)));
    values.add(value);

    Body body = Body.of(values.toArray(Value[]::new)).withByteOrder(order);

    assertEquals(order, body.byteOrder());
    assertEquals(values, body.values());
  }

  @Property
  @Label("WIRE-22, WIRE-33 values nested up to the limits survive both byte orders")
  void roundTripOfDeepValues(
      @ForAll("deepValues") Value value, @ForAll("byteOrders") ByteOrder order) {
    Statistics.label("containers")
        .collect(depth(value) / 16 * 16)
        .coverage(seen -> seen.check(64).count(n -> n > 10));

    assertEquals(List.of(value), Body.of(value).withByteOrder(order).values());
  }

  @Property
  @Label("WIRE-33 encoding is canonical: cursors, one by one or in bulk, give the same bytes")
  void cursorsGiveTheSameBytes(@ForAll("bodies") Body body, @ForAll("byteOrders") ByteOrder order) {
    Body byValues =
        Body.write(body.signature(), order, writer -> body.values().forEach(writer::writeValue));

    assertEquals(byValues.bytes(), Cursors.copy(body, order).bytes());
    assertEquals(byValues.bytes(), Cursors.copyInBulk(body, order).bytes());
    assertEquals(byValues.bytes(), body.withByteOrder(order).bytes());
  }

  @Property
  @Label(
      "bodies are equal if their values are, whatever the byte orders and however they were made")
  void equalBodies(@ForAll("bodies") Body one, @ForAll("byteOrders") ByteOrder order) {
    Body copy =
        Body.write(one.signature(), order, writer -> one.values().forEach(writer::writeValue));
    for (Body other : List.of(copy, one.withByteOrder(order))) {
      assertEquals(one, other);
      assertEquals(other, one);
      assertEquals(one.hashCode(), other.hashCode());
    }
  }

  @Property(tries = 3000)
  @Label("bodies are equal only if their values are: of one bit, all that is valid is different")
  void differentBodies(
      @ForAll("bodies") Body one,
      @ForAll @IntRange int bit,
      @ForAll("byteOrders") ByteOrder order) {
    byte[] bytes = new byte[one.length()];
    one.bytes().get(bytes);
    boolean valid = false;
    if (bytes.length > 0) {
      bytes[bit / 8 % bytes.length] ^= (byte) (1 << bit % 8);
      valid = assertDifferent(one, bytes, order);
    }
    Statistics.label("valid").collect(valid).coverage(seen -> seen.check(true).count(n -> n > 500));
  }

  /// Whether there is such a body, which is another one then.
  private static boolean assertDifferent(Body one, byte[] bytes, ByteOrder order) {
    Body other;
    try {
      other = Body.decode(one.signature(), one.byteOrder(), ByteBuffer.wrap(bytes));
    } catch (InvalidMessageException e) {
      return false;
    }
    assertNotEquals(one.values(), other.values());
    assertNotEquals(one, other.withByteOrder(order));
    assertNotEquals(other.withByteOrder(order), one);
    return true;
  }

  @Property
  @Label("bodies with other signatures are different")
  void otherSignatures(@ForAll("bodies") Body one, @ForAll("bodies") Body other) {
    assertEquals(
        one.signature().equals(other.signature()) && one.values().equals(other.values()),
        one.equals(other));
  }

  @Property
  @Label("whoever skips every value comes to the end")
  void skip(@ForAll("bodies") Body body) {
    WireReader reader = body.reader();
    for (Value value : body.values()) {
      assertEquals(value.type(), reader.nextType());
      reader.skip();
    }
    assertFalse(reader.hasNext());
  }

  @Property
  @Label("a type and its text, a signature and its types, say the same")
  void typesAndSignatures(@ForAll("signatures") Signature signature) {
    assertEquals(signature, Signature.parse(signature.toString()));
    assertEquals(signature, Signature.of(signature.types().toArray(Type[]::new)));
  }

  @Property
  @Label("a value has the type that it was made for")
  void valueHasItsType(@ForAll("values") Value value) {
    assertEquals(Signature.of(value.type()), Body.of(value).signature());
  }

  @Property
  @Label("Value.of undoes toJava where a Java type stands for one D-Bus type only")
  void ofUndoesToJava(@ForAll("values") Value value) {
    boolean unambiguous = isUnambiguous(value);

    Statistics.label("unambiguous")
        .collect(unambiguous)
        .coverage(seen -> seen.check(true).count(n -> n > 100));
    if (unambiguous) {
      assertEquals(value, Value.of(value.toJava()));
    }
  }

  @Property
  @Label("toJava of Value.of gives the same Java object, for any value's")
  void toJavaUndoesOf(@ForAll("values") Value value) {
    Object object = value.toJava();

    assertEquals(describe(object), describe(Value.of(object).toJava()));
  }

  /// A text in which byte arrays are compared by content.
  private static String describe(Object object) {
    return switch (object) {
      case byte[] bytes -> Arrays.toString(bytes);
      case List<?> list -> list.stream().map(ValueProperties::describe).toList().toString();
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> describe(e.getKey()) + "=" + describe(e.getValue()))
              .toList()
              .toString();
      default -> object.getClass().getSimpleName() + " " + object;
    };
  }

  private static boolean isUnambiguous(Value value) {
    return switch (value) {
      case Value.Byte _, Value.UInt16 _, Value.UInt32 _, Value.UnixFd _ -> false;
      case Value.Variant _, Value.Struct _ -> false;
      case Value.Array array when array.element() == BasicType.BYTE -> true;
      case Value.Array array ->
          !array.items().isEmpty() && array.items().stream().allMatch(v -> isUnambiguous(v));
      case Value.Dict dict ->
          !dict.entries().isEmpty()
              && dict.entries().stream()
                  .allMatch(e -> isUnambiguous(e.key()) && isUnambiguous(e.value()))
              // Java's map knows only one NaN.
              && dict.entryType().key() != BasicType.DOUBLE;
      default -> true;
    };
  }

  private static int depth(Value value) {
    return switch (value) {
      case Value.Variant(Value content) -> 1 + depth(content);
      case Value.Array array -> 1 + array.items().stream().mapToInt(v -> depth(v)).max().orElse(0);
      case Value.Struct struct -> 1 + depth(struct.fields().getFirst());
      case Value.Dict dict ->
          2 + dict.entries().stream().mapToInt(e -> depth(e.value())).max().orElse(0);
      default -> 0;
    };
  }

  @Property
  @Label("generators: every text that is made can be carried")
  void textsAreEncodable(@ForAll("texts") String text) {
    assertTrue(text.codePoints().allMatch(c -> c != 0), text);
    assertEquals(new Value.Str(text), Body.of(new Value.Str(text)).values().getFirst());
  }

  @Provide
  Arbitrary<Value> values() {
    return ValueArbitraries.values();
  }

  @Provide
  Arbitrary<Value> deepValues() {
    return ValueArbitraries.deepValues();
  }

  @Provide
  Arbitrary<Body> bodies() {
    return MessageArbitraries.bodies();
  }

  @Provide
  Arbitrary<Signature> signatures() {
    return TypeArbitraries.signatures();
  }

  @Provide
  Arbitrary<String> texts() {
    return ValueArbitraries.texts();
  }

  @Provide
  Arbitrary<ByteOrder> byteOrders() {
    return MessageArbitraries.byteOrders();
  }
}
