package dbus.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ValueTest {
  @Test
  @DisplayName("an ordinary Java object becomes the value of its natural type")
  void fromJava() {
    assertEquals(new Value.Bool(true), Value.of(true));
    assertEquals(new Value.Byte(255), Value.of((byte) -1));
    assertEquals(new Value.Int16((short) -1), Value.of((short) -1));
    assertEquals(new Value.Int32(-1), Value.of(-1));
    assertEquals(new Value.Int64(-1), Value.of(-1L));
    assertEquals(Value.UInt64.ofBits(-1), Value.of(new BigInteger("18446744073709551615")));
    assertEquals(new Value.Double(1.5), Value.of(1.5));
    assertEquals(new Value.Double(1.5), Value.of(1.5f));
    assertEquals(new Value.Str("x"), Value.of("x"));
    assertEquals(new Value.Path(ObjectPath.ROOT), Value.of(ObjectPath.ROOT));
    assertEquals(new Value.Sig(Signature.EMPTY), Value.of(Signature.EMPTY));
    assertEquals(new Value.Str("a.b"), Value.of(new InterfaceName("a.b")));
    assertEquals(Value.Array.ofBytes((byte) 1), Value.of(new byte[] {1}));
    assertEquals(Value.Array.ofInt32s(1), Value.of(new int[] {1}));
    assertEquals(Value.Array.ofStrings("a"), Value.of(new String[] {"a"}));
    assertEquals(new Value.Byte(1), Value.of(new Value.Byte(1)));
  }

  @Test
  @DisplayName(
      "lists and maps take their elements' type, or variants where they differ or are none")
  void collectionsFromJava() {
    assertEquals("ai", Value.of(List.of(1, 2)).type().toString());
    assertEquals("av", Value.of(List.of(1, "x")).type().toString());
    assertEquals("av", Value.of(List.of()).type().toString());
    assertEquals("aai", Value.of(List.of(List.of(1), List.of(2))).type().toString());
    assertEquals("a{ss}", Value.of(Map.of("a", "b")).type().toString());
    assertEquals("a{sv}", Value.of(Map.of("a", "b", "c", 1)).type().toString());
    assertEquals("a{sv}", Value.of(Map.of()).type().toString());
    assertThrows(IllegalArgumentException.class, () -> Value.of(Map.of(List.of(1), 1)));
    assertThrows(IllegalArgumentException.class, () -> Value.of(Map.of("a", 1, 2, 1)));
  }

  @Test
  @DisplayName("what no value stands for is refused by name")
  void unknownClass() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Value.of(new Object()));
    assertEquals("no D-Bus value stands for a java.lang.Object", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Value.of(BigInteger.ONE.negate()));
  }

  @Test
  @DisplayName("a value becomes an ordinary Java object, all the way down")
  void toJava() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", List.of("x", 2L));
    assertEquals(map, Value.of(map).toJava());
    assertEquals(List.of("z", "a"), List.copyOf(((Map<?, ?>) Value.of(map).toJava()).keySet()));
    assertEquals(255, new Value.Byte(255).toJava());
    assertEquals(4294967295L, new Value.UInt32(4294967295L).toJava());
    assertEquals(1, new Value.Variant(new Value.Variant(new Value.Int32(1))).toJava());
    assertEquals(List.of(1, "x"), Value.Struct.of(Value.of(1), Value.of("x")).toJava());
    assertArrayEquals(
        new byte[] {1, 2},
        assertInstanceOf(byte[].class, Value.Array.ofBytes((byte) 1, (byte) 2).toJava()));
  }

  @Test
  @DisplayName("numbers out of range are no values")
  void ranges() {
    assertThrows(IllegalArgumentException.class, () -> new Value.Byte(256));
    assertThrows(IllegalArgumentException.class, () -> new Value.Byte(-1));
    assertThrows(IllegalArgumentException.class, () -> new Value.UInt16(65536));
    assertThrows(IllegalArgumentException.class, () -> new Value.UInt32(-1));
    assertThrows(IllegalArgumentException.class, () -> new Value.UInt64(BigInteger.TWO.pow(64)));
    assertEquals(-1L, Value.UInt64.ofBits(-1).bits());
  }

  @Test
  @DisplayName("FD-06: a body takes no UNIX_FD beyond 252, alone or in an array")
  void unixFds() {
    for (int index : List.of(-1, 253, Integer.MIN_VALUE, Integer.MAX_VALUE)) {
      Value value = new Value.UnixFd(index);
      Value array = Value.Array.of(BasicType.UNIX_FD, new Value.UnixFd(0), value);
      for (Value refused : List.of(value, array, new Value.Variant(array))) {
        IllegalArgumentException e =
            assertThrows(IllegalArgumentException.class, () -> Body.of(refused));
        assertEquals("UNIX_FD " + index + " is out of range 0 to 252", e.getMessage());
        assertEquals(refused, Value.parse(refused.toText()), "a text of it there is");
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Value.of(253, BasicType.UNIX_FD));
    Value last = Value.Array.of(BasicType.UNIX_FD, new Value.UnixFd(252), new Value.UnixFd(0));
    assertEquals(253, Body.of(last).requiredUnixFds());
  }

  @Test
  @DisplayName("WIRE-35: a dictionary of 65536 keys with one hash is written in a moment")
  void collidingKeys() {
    List<Value.Entry> entries = new ArrayList<>();
    for (int bits = 0; bits < 1 << 16; bits++) {
      StringBuilder key = new StringBuilder();
      for (int i = 0; i < 16; i++) {
        key.append((bits >> i & 1) == 0 ? "Aa" : "BB");
      }
      entries.add(new Value.Entry(new Value.Str(key.toString()), new Value.Byte(1)));
    }
    assertEquals(1, entries.stream().map(entry -> entry.key().hashCode()).distinct().count());
    DictEntryType type = new DictEntryType(BasicType.STRING, BasicType.BYTE);
    Value dict = new Value.Dict(type, entries);
    assertEquals(List.of(dict), Body.of(dict).values());

    entries.add(entries.get(77));
    assertThrows(IllegalArgumentException.class, () -> Body.of(new Value.Dict(type, entries)));
  }

  @Test
  @DisplayName("a key that occurs twice is found among keys of every type")
  void keysTwice() {
    List<Value> keys =
        List.of(
            new Value.Byte(1),
            new Value.Bool(true),
            new Value.Int16((short) 1),
            new Value.UInt16(1),
            new Value.Int32(1),
            new Value.UInt32(1),
            new Value.Int64(1),
            Value.UInt64.ofBits(-1),
            new Value.Double(Double.NaN),
            new Value.Str("a"),
            new Value.Path(ObjectPath.ROOT),
            new Value.Sig(Signature.parse("s")),
            new Value.UnixFd(0));
    assertEquals(BasicType.values().length, keys.size());
    for (Value key : keys) {
      Value.Entry entry = new Value.Entry(key, new Value.Byte(1));
      DictEntryType type = new DictEntryType((BasicType) key.type(), BasicType.BYTE);
      assertEquals(1, Body.of(new Value.Dict(type, List.of(entry))).values().size());
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Body.of(new Value.Dict(type, List.of(entry, entry))));
      assertEquals("the dictionary has a key twice: " + key, e.getMessage());
    }
    // Two keys, since they are other bits.
    Value zeros =
        new Value.Dict(
            new DictEntryType(BasicType.DOUBLE, BasicType.BYTE),
            List.of(
                new Value.Entry(new Value.Double(0.0), new Value.Byte(1)),
                new Value.Entry(new Value.Double(-0.0), new Value.Byte(1))));
    assertEquals(List.of(zeros), Body.of(zeros).values());
  }

  @Test
  @DisplayName("WIRE-05: doubles are equal bit by bit, also in arrays")
  void doubles() {
    assertEquals(new Value.Double(Double.NaN), new Value.Double(Double.NaN));
    assertNotEquals(new Value.Double(0.0), new Value.Double(-0.0));
    Value.Double payload = new Value.Double(Double.longBitsToDouble(0x7ff8_0000_0000_0001L));
    assertNotEquals(new Value.Double(Double.NaN), payload);
    assertNotEquals(Value.Array.ofDoubles(0.0), Value.Array.ofDoubles(-0.0));
    assertEquals(payload, Value.Array.of(BasicType.DOUBLE, payload).items().getFirst());
  }

  @Test
  @DisplayName("an array of a fixed-size type is packed, and still a list of values")
  void packed() {
    Value.Array array = Value.Array.of(BasicType.UINT16, new Value.UInt16(65535));
    assertInstanceOf(PackedItems.class, array.items());
    assertEquals(List.of(new Value.UInt16(65535)), array.items());
    assertEquals(List.of(new Value.UInt16(65535)).hashCode(), array.items().hashCode());
    assertThrows(UnsupportedOperationException.class, () -> array.items().clear());
    assertThrows(
        UnsupportedOperationException.class, () -> array.items().set(0, new Value.UInt16(1)));
  }

  @Test
  @DisplayName("packed elements of every type come back")
  void everyPackedType() {
    for (Value item :
        List.of(
            new Value.Byte(200),
            new Value.Bool(true),
            new Value.Int16((short) -2),
            new Value.UInt16(40000),
            new Value.Int32(-3),
            new Value.UInt32(3_000_000_000L),
            new Value.Int64(-4),
            Value.UInt64.ofBits(-5),
            new Value.Double(0.25),
            new Value.UnixFd(1))) {
      Value.Array array = Value.Array.of(item.type(), item, item);
      assertEquals(List.of(item, item), array.items());
      assertEquals(List.of(array), Body.of(array).values());
    }
  }

  @Test
  @DisplayName(
      "the elements of a packed array come out as an array of primitives, of their own type only")
  void primitives() {
    assertArrayEquals(new byte[] {1}, Value.Array.ofBytes((byte) 1).toBytes());
    assertArrayEquals(new short[] {1}, Value.Array.ofInt16s((short) 1).toInt16s());
    assertArrayEquals(new int[] {1}, Value.Array.ofInt32s(1).toInt32s());
    assertArrayEquals(new long[] {1}, Value.Array.ofInt64s(1).toInt64s());
    assertArrayEquals(new double[] {1}, Value.Array.ofDoubles(1).toDoubles());
    assertThrows(IllegalStateException.class, () -> Value.Array.ofInt32s(1).toBytes());
    assertThrows(IllegalStateException.class, () -> Value.Array.ofStrings("x").toBytes());
  }

  @Test
  @DisplayName("values do not change with the arrays and lists they were made of")
  void immutable() {
    byte[] bytes = {1};
    Value.Array array = Value.Array.ofBytes(bytes);
    bytes[0] = 2;
    array.toBytes()[0] = 3;
    assertArrayEquals(new byte[] {1}, array.toBytes());
  }

  @Test
  @DisplayName("elements, keys, and values of another type are refused, with type and place")
  void wrongElements() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Value.Array.of(BasicType.STRING, new Value.Str("a"), new Value.Int32(1)));
    assertEquals("element 1 is of type i, where s is declared", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Value.Array.of(StructType.of(BasicType.STRING), Value.Struct.of(new Value.Int32(1))));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Value.Dict.of(
                BasicType.STRING, BasicType.INT32, Map.of(new Value.Str("a"), new Value.Str("b"))));
    assertThrows(
        IllegalArgumentException.class,
        () -> Value.Array.of(new DictEntryType(BasicType.STRING, BasicType.STRING)));
    assertThrows(IllegalArgumentException.class, () -> Value.Struct.of());
  }

  @Test
  @DisplayName("a dictionary finds the value at a key")
  void dict() {
    Value.Dict dict =
        Value.Dict.of(
            BasicType.STRING,
            VariantType.VARIANT,
            Map.of(new Value.Str("a"), new Value.Variant(new Value.Int32(1))));
    assertEquals("a{sv}", dict.type().toString());
    assertEquals(Optional.of(new Value.Variant(new Value.Int32(1))), dict.get(new Value.Str("a")));
    assertEquals(Optional.empty(), dict.get(new Value.Str("b")));
  }

  @Test
  @DisplayName("SEC-39: the text of a value for people is bounded, however large the value is")
  void boundedTexts() {
    Value text = new Value.Str("😀".repeat(1 << 20));
    Value strings = Value.of(Collections.nCopies(1 << 16, "x"));
    Value deep = strings;
    for (int i = 0; i < 20; i++) {
      deep = Value.Struct.of(deep, deep, new Value.Variant(deep));
    }
    for (Value value :
        List.of(
            text,
            strings,
            deep,
            new Value.Path(new ObjectPath("/" + "p".repeat(1 << 20))),
            Value.Array.ofBytes(new byte[1 << 20]),
            Value.Array.ofBytes(("t".repeat(1 << 20) + "\0").getBytes(ISO_8859_1)),
            Value.of(Map.of(1, text, 2, text)),
            new Value.Variant(text))) {
      assertTrue(value.toString().length() < 300, () -> value.toString().length() + " characters");
      assertEquals(value.toString(), new String(value.toString().getBytes(UTF_8), UTF_8));
    }
    assertEquals("Array [1, 2]", Value.of(List.of(1, 2)).toString());
    assertEquals("Struct (1, 'a')", Value.Struct.of(Value.of(1), Value.of("a")).toString());
    assertEquals("Str '" + "a".repeat(199) + "…", new Value.Str("a".repeat(300)).toString());
  }
}
