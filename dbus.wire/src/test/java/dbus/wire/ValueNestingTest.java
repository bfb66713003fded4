package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Values that are nested deeper than a message may hold cannot be made.
class ValueNestingTest {
  private static final int MAX = 64;

  /// A container around a value, and how many containers that makes.
  static Stream<Arguments> containers() {
    return Stream.of(
        row("variant", 1, Value.Variant::new),
        row("struct", 2, v -> new Value.Variant(Value.Struct.of(new Value.Byte(1), v))),
        row(
            "array",
            2,
            v ->
                Value.Array.of(
                    VariantType.VARIANT,
                    new Value.Variant(new Value.Byte(1)),
                    new Value.Variant(v))),
        row(
            "dictionary",
            3,
            v ->
                Value.Dict.of(
                    BasicType.BYTE,
                    VariantType.VARIANT,
                    Map.of(new Value.Byte(1), new Value.Variant(v)))),
        row(
            "array of structs",
            3,
            v -> {
              Value.Struct struct = Value.Struct.of(new Value.Variant(v));
              return Value.Array.of(struct.type(), struct);
            }));
  }

  private static Arguments row(String name, int count, UnaryOperator<Value> around) {
    return Arguments.of(Named.of(name, around), count);
  }

  @ParameterizedTest
  @MethodSource("containers")
  @DisplayName(
      "WIRE-22: 64 containers inside each other are a value that can be written, 65 are none")
  void deepest(UnaryOperator<Value> around, int count) throws InvalidMessageException {
    Value value = new Value.Byte(7);
    for (int depth = count; depth <= MAX; depth += count) {
      value = around.apply(value);
    }
    for (int rest = MAX % count; rest > 0; rest--) {
      value = new Value.Variant(value);
    }
    Message message = MethodCall.of(ObjectPath.ROOT, new MemberName("M")).withBody(Body.of(value));
    byte[] bytes = MessageEncoder.encode(message, 1, java.nio.ByteOrder.BIG_ENDIAN);
    assertEquals(List.of(value), MessageDecoder.decode(bytes).body().values());
    assertEquals(value, Value.parse(value.toText()));

    Value deepest = value;
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Value.Variant(deepest));
    assertEquals("at most 64 containers stand inside each other in a value", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> around.apply(deepest));
    assertThrows(IllegalArgumentException.class, () -> Value.Struct.of(deepest));
    assertThrows(IllegalArgumentException.class, () -> Value.Array.of(deepest.type(), deepest));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Value.Dict(
                new DictEntryType(BasicType.BYTE, deepest.type()),
                List.of(new Value.Entry(new Value.Byte(1), deepest))));
  }

  @Test
  @DisplayName("WIRE-21: 32 structs inside each other are a value that has a type, 33 are none")
  void structs() {
    Value value = new Value.Byte(7);
    for (int i = 0; i < 32; i++) {
      value = Value.Struct.of(new Value.Str("x"), value);
    }
    Value deepest = value;
    assertEquals("(s".repeat(32) + "y" + ")".repeat(32), deepest.type().toString());
    assertEquals(List.of(deepest), Body.of(deepest).values());

    Value array = Value.Array.of(deepest.type(), deepest);
    Value empty = Value.Array.of(deepest.type());
    Value dict = inDictionary(deepest);
    for (Value inner : List.of(deepest, array, empty, dict)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> Value.Struct.of(new Value.Byte(1), inner));
      assertEquals("structs are nested deeper than 32 levels", e.getMessage());
    }
    assertThrows(
        InvalidValueTextException.class, () -> Value.parse("(".repeat(33) + "1" + ",)".repeat(33)));
    // A signature ends at a variant.
    Value variant = Value.Struct.of(new Value.Variant(deepest));
    assertEquals(List.of(variant), Body.of(variant).values());
  }

  @Test
  @DisplayName(
      "WIRE-22: an array counts also if it is packed or empty, a dict entry if there is one")
  void leaves() {
    for (Value leaf :
        List.of(
            Value.Array.ofBytes(),
            Value.Array.ofBytes((byte) 'x', (byte) 0),
            Value.Array.ofStrings("x"),
            Value.Array.of(VariantType.VARIANT),
            Value.Dict.of(BasicType.BYTE, VariantType.VARIANT, Map.of()),
            Value.Struct.of(new Value.Byte(1)))) {
      Value value = inVariants(leaf, MAX - 1);
      assertEquals(1, Body.of(value).values().size());
      assertEquals(value, Value.parse(value.toText()));
      assertThrows(IllegalArgumentException.class, () -> new Value.Variant(value));
    }
    Value entry =
        Value.Dict.of(BasicType.BYTE, BasicType.BYTE, Map.of(new Value.Byte(1), new Value.Byte(2)));
    assertEquals(1, Body.of(inVariants(entry, MAX - 2)).values().size());
    assertThrows(IllegalArgumentException.class, () -> inVariants(entry, MAX - 1));
    assertEquals(1, Body.of(inDictionary(inVariants(Value.of(1), MAX - 2))).values().size());
    Value oneMore = inVariants(Value.of(1), MAX - 1);
    assertThrows(IllegalArgumentException.class, () -> inDictionary(oneMore));
  }

  private static Value inDictionary(Value value) {
    return Value.Dict.of(BasicType.BYTE, value.type(), Map.of(new Value.Byte(1), value));
  }

  private static Value inVariants(Value value, int count) {
    for (int i = 0; i < count; i++) {
      value = new Value.Variant(value);
    }
    return value;
  }

  @Test
  @DisplayName("a text of more than 64 containers is refused at its place, whatever is innermost")
  void texts() {
    for (String leaf : List.of("<1>", "[1]", "(1,)", "@a{yy} {}", "b'x'", "{1: 2}")) {
      int containers = leaf.startsWith("{") ? 2 : 1;
      String fits = "<".repeat(MAX - containers) + leaf + ">".repeat(MAX - containers);
      assertEquals(fits, Value.parse(fits).toText());
      InvalidValueTextException e =
          assertThrows(InvalidValueTextException.class, () -> Value.parse("<" + fits + ">"));
      assertTrue(e.position() >= MAX - 1, e.getMessage());
    }
  }

  @Test
  @DisplayName("WIRE-23: the deepest value is compared, hashed, and printed on a stack of 256 KiB")
  void smallStack() throws InterruptedException {
    AtomicReference<Object> result = new AtomicReference<>("not run");
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                Value one = inVariants(new Value.Byte(7), MAX);
                Value two = inVariants(new Value.Byte(7), MAX);
                assertEquals(one, two);
                assertEquals(one.hashCode(), two.hashCode());
                assertEquals(one.toString(), two.toString());
                assertEquals("<".repeat(MAX) + "byte 0x07" + ">".repeat(MAX), one.toText());
                assertEquals(7, one.toJava());
                assertEquals(VariantType.VARIANT, one.type());
                result.set("done");
              } catch (Throwable e) {
                result.set(e);
              }
            },
            "small stack",
            256 << 10);
    thread.start();
    thread.join();
    assertEquals("done", result.get());
  }

  @Test
  @DisplayName("lists and maps nested without end are no value, and no stack is exhausted")
  void endlessObjects() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    assertThrows(IllegalArgumentException.class, () -> Value.of(list));
    Map<String, Object> map = new HashMap<>();
    map.put("self", map);
    assertThrows(IllegalArgumentException.class, () -> Value.of(map));
    assertThrows(IllegalArgumentException.class, () -> Value.of(List.of(map), VariantType.VARIANT));
    assertThrows(
        IllegalArgumentException.class, () -> Value.of(list, new ArrayType(VariantType.VARIANT)));
  }
}
