package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A peer may send what nobody wants: 64 MiB in a variant, or before the argument that is looked
/// at. It is not made into objects.
@DisplayName("Only what is asked for is read")
class AskedForTest {
  @Test
  @DisplayName("SEC-39: the type in a variant can be seen, and is still to be read then")
  void peekVariant() {
    Body body = Body.of(new Value.Variant(Value.of(List.of(1, 2))), new Value.Int32(3));
    WireReader reader = body.reader();
    assertEquals(Signature.parse("ai"), reader.peekVariant());
    assertEquals(Signature.parse("ai"), reader.peekVariant());
    assertEquals(Signature.parse("ai"), reader.enterVariant());
    assertArrayEquals(new int[] {1, 2}, reader.readInt32Array());
    reader.leaveVariant();
    assertThrows(IllegalStateException.class, reader::peekVariant);
    assertEquals(3, reader.readInt32());
    assertThrows(IllegalStateException.class, reader::peekVariant);
  }

  @Test
  @DisplayName("SEC-39: begin at any argument, whatever stands before it")
  void anyArgument() {
    List<Value> values =
        List.of(
            new Value.Byte(1),
            Value.of(Map.of("key", List.of("a", "b"))),
            Value.Struct.of(new Value.Byte(1), new Value.Variant(new Value.Str("é"))),
            new Value.Variant(Value.of(List.of(1L))),
            new Value.Sig(Signature.parse("a(i)")),
            new Value.Path(ObjectPath.ROOT),
            new Value.Str("last"));
    Body body = Body.of(values.toArray(Value[]::new));
    for (int i = 0; i < values.size(); i++) {
      WireReader reader = body.reader(i);
      for (Value value : values.subList(i, values.size())) {
        assertEquals(value.type(), reader.nextType());
        assertEquals(value, reader.readValue());
      }
      assertFalse(reader.hasNext());
    }
  }

  @Test
  @DisplayName("say how many arguments there are if one is wanted beyond")
  void noSuchArgument() {
    Body body = Body.of(Value.of("a"), Value.of("b"));
    IndexOutOfBoundsException e =
        assertThrows(IndexOutOfBoundsException.class, () -> body.reader(2));
    assertEquals("argument 2 of the signature \"ss\", which has 2", e.getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> body.reader(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> Body.EMPTY.reader(0));
  }

  /// In each of them are more values than an object for each would be allowed.
  private static List<Value> largeValues() {
    return List.of(
        Value.of(Collections.nCopies(1 << 18, "text")),
        Value.Array.ofBytes(new byte[1 << 20]),
        new Value.Str("x".repeat(1 << 20)),
        new Value.Variant(Value.of(Collections.nCopies(1 << 18, Map.of("key", 1)))),
        Value.Struct.of(Value.of(1), Value.of(Collections.nCopies(1 << 18, "text"))));
  }

  @Test
  @DisplayName("SEC-39: what is large and not asked for costs no memory")
  void frugal() {
    for (Value large : largeValues()) {
      Body body = Body.of(new Value.Variant(large), large, new Value.Str("asked for"));
      assertAskedFor(body);
      long before = Allocation.bytes();
      assertAskedFor(body);
      long allocated = Allocation.bytes() - before;

      assertTrue(allocated < 4096, () -> allocated + " bytes for " + large);
    }
  }

  private static void assertAskedFor(Body body) {
    assertFalse(body.reader().peekVariant().isExactly(BasicType.INT32));
    assertEquals("asked for", body.reader(2).readString());
    WireReader reader = body.reader();
    reader.skip();
    reader.skip();
    assertEquals("asked for", reader.readString());
  }

  @Test
  @DisplayName("WIRE-07: the other byte order of a body costs one array of its length")
  void byteOrder() {
    for (Value large : largeValues()) {
      Body body = Body.of(large);
      ByteOrder other = body.byteOrder() == BIG_ENDIAN ? LITTLE_ENDIAN : BIG_ENDIAN;
      assertEquals(body, body.withByteOrder(other));
      long before = Allocation.bytes();
      Body swapped = body.withByteOrder(other);
      long allocated = Allocation.bytes() - before;

      assertEquals(body.values(), swapped.values());
      assertTrue(allocated < body.length() + 4096, () -> allocated + " bytes for " + body.length());
    }
  }
}
