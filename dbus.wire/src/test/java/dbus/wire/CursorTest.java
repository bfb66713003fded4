package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The cursors")
class CursorTest {
  static final List<ByteOrder> ORDERS = List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);

  @Test
  @DisplayName("WIRE-05: read every basic type that they wrote, to its limits")
  void basicTypes() {
    for (ByteOrder order : ORDERS) {
      Body body =
          Body.write(
              Signature.parse("ybnqiuxttdsogh"),
              order,
              w -> {
                w.writeByte(255);
                w.writeBoolean(true);
                w.writeInt16(Short.MIN_VALUE);
                w.writeUInt16(65535);
                w.writeInt32(Integer.MIN_VALUE);
                w.writeUInt32(4294967295L);
                w.writeInt64(Long.MIN_VALUE);
                w.writeUInt64(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
                w.writeUInt64Bits(1L << 63);
                w.writeDouble(-0.0);
                w.writeString("é");
                w.writeObjectPath(ObjectPath.ROOT);
                w.writeSignature(Signature.parse("as"));
                w.writeUnixFd(3);
              });
      WireReader r = body.reader();
      assertEquals(255, r.readByte());
      assertTrue(r.readBoolean());
      assertEquals(Short.MIN_VALUE, r.readInt16());
      assertEquals(65535, r.readUInt16());
      assertEquals(Integer.MIN_VALUE, r.readInt32());
      assertEquals(4294967295L, r.readUInt32());
      assertEquals(Long.MIN_VALUE, r.readInt64());
      assertEquals(-1L, r.readUInt64Bits());
      assertEquals(BigInteger.TWO.pow(63), r.readUInt64());
      assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(r.readDouble()));
      assertEquals("é", r.readString());
      assertEquals(ObjectPath.ROOT, r.readObjectPath());
      assertEquals(Signature.parse("as"), r.readSignature());
      assertEquals(3, r.readUnixFd());
      assertFalse(r.hasNext());
    }
  }

  @Test
  @DisplayName("walk through containers in containers")
  void containers() {
    Body body =
        Body.write(
            Signature.parse("a(sa{yv})i"),
            w -> {
              w.beginArray();
              for (int i = 0; i < 3; i++) {
                w.beginStruct();
                w.writeString("s" + i);
                w.beginArray();
                for (int key = 0; key < i; key++) {
                  w.beginDictEntry();
                  w.writeByte(key);
                  w.beginVariant(Signature.parse("ai"));
                  w.writeInt32Array(key, i);
                  w.endVariant();
                  w.endDictEntry();
                }
                w.endArray();
                w.endStruct();
              }
              w.endArray();
              w.writeInt32(42);
            });
    WireReader r = body.reader();
    List<String> seen = new ArrayList<>();
    r.enterArray();
    while (r.hasNext()) {
      r.enterStruct();
      seen.add(r.readString());
      r.enterArray();
      while (r.hasNext()) {
        assertEquals("{yv}", r.nextType().toString());
        r.enterDictEntry();
        seen.add("key " + r.readByte());
        assertEquals("ai", r.enterVariant().toString());
        seen.add("array of " + r.readInt32Array().length);
        r.leaveVariant();
        r.leaveDictEntry();
      }
      r.leaveArray();
      assertFalse(r.hasNext());
      r.leaveStruct();
    }
    r.leaveArray();
    assertEquals(42, r.readInt32());
    assertEquals(
        List.of(
            "s0", "s1", "key 0", "array of 2", "s2", "key 0", "array of 2", "key 1", "array of 2"),
        seen);
  }

  @Test
  @DisplayName("tell an array's end from the same type behind it")
  void sameTypeBehindAnArray() {
    Body body = Body.of(Value.Array.ofInt32s(1, 2), new Value.Int32(3));
    WireReader r = body.reader();
    r.enterArray();
    assertEquals(1, r.readInt32());
    assertEquals(2, r.readInt32());
    assertFalse(r.hasNext());
    assertThrows(IllegalStateException.class, r::readInt32);
    r.leaveArray();
    assertEquals(3, r.readInt32());
  }

  @Test
  @DisplayName("leave an array early, and skip what is left of it")
  void leaveEarly() {
    WireReader r = Body.of(Value.Array.ofStrings("a", "b"), new Value.Str("c")).reader();
    r.enterArray();
    assertEquals("a", r.readString());
    r.leaveArray();
    assertEquals("c", r.readString());
  }

  @Test
  @DisplayName("refuse to read another type than the signature has, and stay where they are")
  void readMismatch() {
    WireReader r = Body.of(new Value.Int32(1), new Value.Str("x")).reader();
    IllegalStateException e = assertThrows(IllegalStateException.class, r::readString);
    assertEquals("expected STRING, found INT32 at 0 of the signature \"is\"", e.getMessage());
    assertThrows(IllegalStateException.class, r::readUInt32);
    assertThrows(IllegalStateException.class, r::enterArray);
    e = assertThrows(IllegalStateException.class, r::enterStruct);
    assertEquals("expected a struct, found INT32 at 0 of the signature \"is\"", e.getMessage());
    assertThrows(IllegalStateException.class, r::enterVariant);
    assertThrows(IllegalStateException.class, r::leaveArray);
    assertThrows(IllegalStateException.class, r::leaveStruct);
    assertThrows(IllegalStateException.class, r::leaveVariant);
    assertThrows(IllegalStateException.class, r::readByteArray);
    assertEquals(1, r.readInt32());
    assertEquals("x", r.readString());
    assertThrows(IllegalStateException.class, r::readString);
    assertThrows(IllegalStateException.class, r::nextType);
    assertThrows(IllegalStateException.class, r::readValue);
    assertThrows(IllegalStateException.class, r::leaveVariant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i", "v", "as"})
  @DisplayName("name the type of the variant that they are in, before its value and behind it")
  void whereInAVariant(String type) {
    Value inner =
        switch (type) {
          case "i" -> new Value.Int32(1);
          case "v" -> new Value.Variant(new Value.Int32(1));
          default -> Value.Array.ofStrings("x");
        };
    WireReader r = Body.of(new Value.Byte(7), new Value.Variant(inner)).reader();
    r.readByte();
    r.enterVariant();
    assertTextOfMismatch(type.equals("as") ? "at 0 of the signature" : "in a variant of", type, r);
    r.skip();
    assertTextOfMismatch(type.equals("as") ? "at 2 of the signature" : "in a variant of", type, r);
  }

  private static void assertTextOfMismatch(String place, String type, WireReader r) {
    IllegalStateException e = assertThrows(IllegalStateException.class, r::readByte);
    String text = String.valueOf(e.getMessage());
    assertTrue(text.endsWith(" " + place + " \"" + type + "\""), text);
  }

  @Test
  @DisplayName("do not leave a struct, dict entry, or variant before its end")
  void leaveTooEarly() {
    WireReader struct = Body.of(Value.Struct.of(new Value.Byte(1), new Value.Byte(2))).reader();
    struct.enterStruct();
    struct.readByte();
    assertThrows(IllegalStateException.class, struct::leaveStruct);
    assertThrows(IllegalStateException.class, struct::leaveDictEntry);

    WireReader variant = Body.of(new Value.Variant(new Value.Byte(1))).reader();
    variant.enterVariant();
    assertThrows(IllegalStateException.class, variant::leaveVariant);
    variant.readByte();
    variant.leaveVariant();
    assertThrows(IllegalStateException.class, variant::leaveVariant);
  }

  @Test
  @DisplayName("do not write another type than the signature has, nor too few or too many values")
  void writeMismatch() {
    refuse("i", w -> w.writeUInt32(1));
    refuse("i", w -> {});
    refuse(
        "i",
        w -> {
          w.writeInt32(1);
          w.writeInt32(2);
        });
    refuse("", w -> w.writeInt32(1));
    refuse("ai", w -> w.writeByteArray((byte) 1));
    refuse("ai", w -> w.beginArray(BasicType.UINT32));
    refuse("ai", w -> w.beginArray());
    refuse("ai", WireWriter::endArray);
    refuse(
        "ai",
        w -> {
          w.beginArray();
          w.writeString("x");
        });
    refuse(
        "(ii)",
        w -> {
          w.beginStruct();
          w.writeInt32(1);
          w.endStruct();
        });
    refuse(
        "(ii)",
        w -> {
          w.beginStruct();
          w.writeInt32(1);
          w.writeInt32(1);
        });
    refuse(
        "a(ii)",
        w -> {
          w.beginArray();
          w.beginStruct();
          w.endArray();
        });
    refuse(
        "a{yy}",
        w -> {
          w.beginArray();
          w.beginDictEntry();
          w.writeByte(1);
          w.endDictEntry();
        });
    refuse(
        "a{yy}",
        w -> {
          w.beginArray();
          w.beginStruct();
        });
    refuse(
        "v",
        w -> {
          w.beginVariant(BasicType.BYTE);
          w.endVariant();
        });
    refuse(
        "v",
        w -> {
          w.beginVariant(BasicType.BYTE);
          w.writeByte(1);
        });
    refuse(
        "v",
        w -> {
          w.beginVariant(BasicType.BYTE);
          w.writeInt32(1);
        });
    refuse("v", WireWriter::endVariant);
    refuse("s", w -> w.writeValue(new Value.Byte(1)));
    refuse("ay", w -> w.writeValue(Value.Array.ofInt32s(1)));
    refuse("a(y)", w -> w.writeValue(Value.Array.of(StructType.of(BasicType.INT32))));
  }

  static void refuse(String signature, Consumer<WireWriter> writing) {
    assertThrows(
        IllegalStateException.class,
        () -> Body.write(Signature.parse(signature), writing),
        signature);
  }

  @Test
  @DisplayName("say what is expected where another type is written")
  void writeMismatchText() {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                Body.write(
                    Signature.parse("ya{sv}"),
                    w -> {
                      w.writeByte(1);
                      w.writeByte(1);
                    }));
    assertEquals(
        "expected an array \"a{sv}\", and not BYTE, at 1 of the signature \"ya{sv}\"",
        e.getMessage());
  }

  @Test
  @DisplayName("refuse numbers out of range, naming value and range")
  void ranges() {
    for (Consumer<WireWriter> writing :
        List.<Consumer<WireWriter>>of(w -> w.writeByte(256), w -> w.writeByte(-1))) {
      assertThrows(IllegalArgumentException.class, () -> Body.write(Signature.parse("y"), writing));
    }
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Body.write(Signature.parse("u"), w -> w.writeUInt32(4294967296L)));
    assertEquals("UINT32 4294967296 is out of range 0 to 4294967295", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Body.write(Signature.parse("q"), w -> w.writeUInt16(65536)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Body.write(Signature.parse("t"), w -> w.writeUInt64(BigInteger.TWO.pow(64))));
    assertThrows(
        IllegalArgumentException.class,
        () -> Body.write(Signature.parse("t"), w -> w.writeUInt64(BigInteger.ONE.negate())));
    assertThrows(
        IllegalArgumentException.class,
        () -> Body.write(Signature.parse("h"), w -> w.writeUnixFd(-1)));
    // FD-06: no message has a 254th descriptor.
    assertThrows(
        IllegalArgumentException.class,
        () -> Body.write(Signature.parse("h"), w -> w.writeUnixFd(253)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "a\u0000b", "\ud800", "a\udc00", "\ud800x", "\udc00\ud800"})
  @DisplayName("WIRE-27: refuse text with NUL or an unpaired surrogate")
  void unencodableText(String text) {
    assertThrows(
        IllegalArgumentException.class,
        () -> Body.write(Signature.parse("s"), w -> w.writeString(text)));
    assertThrows(IllegalArgumentException.class, () -> new Value.Str(text));
  }

  @Test
  @DisplayName("write long text of every width, whatever the size of the buffer")
  void longText() {
    for (String unit : List.of("a", "\u007f", "é", "\u07ff", "\u0800", "€", "😀", "aé€😀")) {
      for (int count : List.of(1, 7, 8, 9, 100, 1000)) {
        String text = "x" + unit.repeat(count);
        Body body = Body.of(new Value.Str(text));
        assertEquals(List.of(new Value.Str(text)), body.values());
        assertEquals(
            text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + 5, body.length());
      }
    }
  }

  @Test
  @DisplayName("WIRE-22, WIRE-23: 64 containers are written, 65 refused")
  void depth() {
    Value value = new Value.Byte(7);
    for (int i = 0; i < 64; i++) {
      value = new Value.Variant(value);
    }
    assertEquals(List.of(value), variants(64, "y", w -> w.writeByte(7)).values());
    assertThrows(IllegalArgumentException.class, () -> variants(65, "y", w -> w.writeByte(7)));
    assertThrows(
        IllegalArgumentException.class,
        () -> variants(64, "ay", w -> w.writeByteArray(new byte[] {1})));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            variants(
                64,
                "as",
                w -> {
                  w.beginArray();
                  w.endArray();
                }));
  }

  /// As many variants inside each other, and a value in the last of them.
  private static Body variants(int count, String signature, Consumer<WireWriter> value) {
    return Body.write(
        Signature.parse("v"),
        w -> {
          for (int i = 1; i < count; i++) {
            w.beginVariant(Signature.parse("v"));
          }
          w.beginVariant(Signature.parse(signature));
          value.accept(w);
          for (int i = 0; i < count; i++) {
            w.endVariant();
          }
        });
  }

  @Test
  @DisplayName("a body does not change with the writer that it was made with")
  void keptWriter() {
    AtomicReference<WireWriter> kept = new AtomicReference<>();
    byte[] full = new byte[124];
    Body body =
        Body.write(
            Signature.parse("ay"),
            w -> {
              w.writeByteArray(full);
              kept.set(w);
            });
    assertEquals(128, body.length());
    assertThrows(IllegalStateException.class, () -> kept.get().writeByte(1));
    assertEquals(Body.of(Codec.BYTES, full), body);
  }

  @Test
  @DisplayName("a variant holds exactly one complete type")
  void variantSignature() {
    for (String text : List.of("", "yy")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Body.write(Signature.parse("v"), w -> w.beginVariant(Signature.parse(text))));
    }
  }
}
