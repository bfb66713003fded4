package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The bytes of every type, in both byte orders. Each row: signature, values, little, big endian.
class MarshallingTest {
  static Stream<Arguments> table() {
    return Stream.of(
        row("y", "ff", "ff", new Value.Byte(255)),
        row("b", "01000000", "00000001", new Value.Bool(true)),
        row("b", "00000000", "00000000", new Value.Bool(false)),
        row("n", "0080", "8000", new Value.Int16(Short.MIN_VALUE)),
        row("q", "feff", "fffe", new Value.UInt16(65534)),
        row("i", "78563412", "12345678", new Value.Int32(0x12345678)),
        row("u", "feffffff", "fffffffe", new Value.UInt32(0xffff_fffeL)),
        row("x", "0807060504030201", "0102030405060708", new Value.Int64(0x0102030405060708L)),
        row("t", "feffffffffffffff", "fffffffffffffffe", Value.UInt64.ofBits(-2)),
        row("d", "000000000000e0bf", "bfe0000000000000", new Value.Double(-0.5)),
        row("d", "0000000000000080", "8000000000000000", new Value.Double(-0.0)),
        row(
            "d",
            "000000000000f07f",
            "7ff0000000000000",
            new Value.Double(Double.POSITIVE_INFINITY)),
        // WIRE-05: a NaN with a payload.
        row(
            "d",
            "efbe0000adde f87f",
            "7ff8 dead0000beef",
            new Value.Double(Double.longBitsToDouble(0x7ff8_dead_0000_beefL))),
        row("h", "02000000", "00000002", new Value.UnixFd(2)),
        row("s", "00000000 00", "00000000 00", new Value.Str("")),
        row("s", "03000000 68c3a9 00", "00000003 68c3a9 00", new Value.Str("hé")),
        row("s", "04000000 f09f9880 00", "00000004 f09f9880 00", new Value.Str("😀")),
        // WIRE-26: noncharacters.
        row(
            "s",
            "06000000 efbfbe efbfbf 00",
            "00000006 efbfbe efbfbf 00",
            new Value.Str("\ufffe\uffff")),
        row(
            "s",
            "07000000 efb790 f09fbfbf 00",
            "00000007 efb790 f09fbfbf 00",
            new Value.Str("\ufdd0\ud83f\udfff")),
        row(
            "o",
            "04000000 2f612f62 00",
            "00000004 2f612f62 00",
            new Value.Path(new ObjectPath("/a/b"))),
        row("g", "05 617b73767d 00", "05 617b73767d 00", new Value.Sig(Signature.parse("a{sv}"))),
        row("g", "00 00", "00 00", new Value.Sig(Signature.EMPTY)),
        row("v", "01 79 00 07", "01 79 00 07", new Value.Variant(new Value.Byte(7))),
        row(
            "v",
            "01 75 00 00 07000000",
            "01 75 00 00 00000007",
            new Value.Variant(new Value.UInt32(7))),
        row(
            "v",
            "01 78 00 0000000000 0700000000000000",
            "01 78 00 0000000000 0000000000000007",
            new Value.Variant(new Value.Int64(7))),
        row(
            "(yt)",
            "01 00000000000000 0200000000000000",
            "01 00000000000000 0000000000000002",
            Value.Struct.of(new Value.Byte(1), Value.UInt64.ofBits(2))),
        row("ay", "03000000 010203", "00000003 010203", Value.Array.ofBytes(new byte[] {1, 2, 3})),
        row(
            "an",
            "04000000 0100 feff",
            "00000004 0001 fffe",
            Value.Array.ofInt16s((short) 1, (short) -2)),
        row(
            "ai",
            "08000000 01000000 feffffff",
            "00000008 00000001 fffffffe",
            Value.Array.ofInt32s(1, -2)),
        row(
            "ab",
            "08000000 01000000 00000000",
            "00000008 00000001 00000000",
            Value.Array.of(BasicType.BOOLEAN, new Value.Bool(true), new Value.Bool(false))),
        row(
            "ax",
            "08000000 00000000 0100000000000000",
            "00000008 00000000 0000000000000001",
            Value.Array.ofInt64s(1)),
        row(
            "ad",
            "08000000 00000000 000000000000f03f",
            "00000008 00000000 3ff0000000000000",
            Value.Array.ofDoubles(1)),
        row(
            "ah",
            "04000000 01000000",
            "00000004 00000001",
            Value.Array.of(BasicType.UNIX_FD, new Value.UnixFd(1))),
        // WIRE-10: the padding before the first element is there even if no element is.
        row("at", "00000000 00000000", "00000000 00000000", Value.Array.of(BasicType.UINT64)),
        // WIRE-12.
        row(
            "aat",
            "04000000 00000000",
            "00000004 00000000",
            Value.Array.of(new ArrayType(BasicType.UINT64), Value.Array.of(BasicType.UINT64))),
        row(
            "yaat",
            "01 000000 08000000 00000000 00000000",
            "01 000000 00000008 00000000 00000000",
            new Value.Byte(1),
            Value.Array.of(new ArrayType(BasicType.UINT64), Value.Array.of(BasicType.UINT64))),
        // WIRE-11: padding between elements counts, and there is none after the last.
        row(
            "as",
            "0e000000 01000000 61 00 0000 01000000 62 00",
            "0000000e 00000001 61 00 0000 00000001 62 00",
            Value.Array.ofStrings("a", "b")),
        row(
            "asy",
            "06000000 01000000 61 00 05",
            "00000006 00000001 61 00 05",
            Value.Array.ofStrings("a"),
            new Value.Byte(5)),
        row(
            "a(y)",
            "09000000 00000000 01 00000000000000 02",
            "00000009 00000000 01 00000000000000 02",
            Value.Array.of(
                StructType.of(BasicType.BYTE),
                Value.Struct.of(new Value.Byte(1)),
                Value.Struct.of(new Value.Byte(2)))),
        row(
            "a{sv}",
            "10000000 00000000 01000000 6b 00 01 75 00 000000 07000000",
            "00000010 00000000 00000001 6b 00 01 75 00 000000 00000007",
            new Value.Dict(
                new DictEntryType(BasicType.STRING, VariantType.VARIANT),
                List.of(
                    new Value.Entry(new Value.Str("k"), new Value.Variant(new Value.UInt32(7)))))),
        // WIRE-07: a body aligns on its own.
        row(
            "yx",
            "01 00000000000000 0200000000000000",
            "01 00000000000000 0000000000000002",
            new Value.Byte(1),
            new Value.Int64(2)));
  }

  private static Arguments row(String signature, String little, String big, Value... values) {
    return arguments(signature, little.replace(" ", ""), big.replace(" ", ""), List.of(values));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("table")
  @DisplayName("WIRE-01, WIRE-02, WIRE-03, WIRE-05: values become these bytes")
  void write(String signature, String little, String big, List<Value> values) {
    assertEquals(little, hex(body(signature, LITTLE_ENDIAN, values)));
    assertEquals(big, hex(body(signature, BIG_ENDIAN, values)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("table")
  @DisplayName("WIRE-01, WIRE-02, WIRE-03, WIRE-33: these bytes become values, after validation")
  void read(String signature, String little, String big, List<Value> values)
      throws InvalidMessageException {
    assertEquals(values, received(signature, LITTLE_ENDIAN, little).values());
    assertEquals(values, received(signature, BIG_ENDIAN, big).values());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("table")
  @DisplayName("SEC-04, SEC-26: a body in one byte order turned into the other")
  void otherByteOrder(String signature, String little, String big, List<Value> values) {
    Body body = body(signature, LITTLE_ENDIAN, values);
    assertEquals(big, hex(body.withByteOrder(BIG_ENDIAN)));
    assertEquals(little, hex(body.withByteOrder(BIG_ENDIAN).withByteOrder(LITTLE_ENDIAN)));
    assertEquals(body, body.withByteOrder(BIG_ENDIAN));
    assertEquals(body.hashCode(), body.withByteOrder(BIG_ENDIAN).hashCode());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("table")
  @DisplayName("a value is skipped whole: the cursor ends at the end")
  void skip(String signature, String little, String big, List<Value> values) {
    Body body =
        body(
            signature + "s",
            LITTLE_ENDIAN,
            Stream.concat(values.stream(), Stream.of(new Value.Str("end"))).toList());
    WireReader reader = body.reader();
    for (int i = 0; i < values.size(); i++) {
      reader.skip();
    }
    assertEquals("end", reader.readString());
    assertEquals(false, reader.hasNext());
    assertThrows(IllegalStateException.class, reader::skip);
  }

  @Test
  @DisplayName("MSG-21: the body of no values is empty")
  void empty() {
    assertEquals(Body.EMPTY, Body.of());
    assertEquals(0, Body.of().length());
    assertEquals(List.of(), Body.of().values());
  }

  @Test
  @DisplayName("WIRE-18: a dictionary with a key twice is read, in order, and refused on writing")
  void duplicateKeys() throws InvalidMessageException {
    Body body = received("a{yy}", LITTLE_ENDIAN, "0a00000000000000 0101 000000000000 0102");
    Value.Dict dict = (Value.Dict) body.values().getFirst();
    assertEquals(2, dict.entries().size());
    assertEquals(new Value.Byte(2), dict.get(new Value.Byte(1)).orElseThrow());
    assertEquals(Map.of(1, 2), dict.toJava());
    assertThrows(IllegalArgumentException.class, () -> Body.of(dict));
    // Forwarding the bytes, also in the other order, is no writing.
    assertEquals(body.values(), body.withByteOrder(BIG_ENDIAN).values());
  }

  private static Body body(String signature, ByteOrder order, List<Value> values) {
    return Body.write(Signature.parse(signature), order, w -> values.forEach(w::writeValue));
  }

  private static String hex(Body body) {
    byte[] bytes = new byte[body.length()];
    body.bytes().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static Body received(String signature, ByteOrder order, String hex)
      throws InvalidMessageException {
    byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(
        ByteBuffer.wrap(
            RawMessage.ping(order).signature(signature).number(9, 3).body(body).bytes()));
    return decoder.next().orElseThrow().body();
  }
}
