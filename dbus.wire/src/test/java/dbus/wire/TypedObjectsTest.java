package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Java objects as values of a wanted type")
class TypedObjectsTest {
  private static Value value(Object object, String type) {
    return Value.of(object, Signature.parse(type).types().getFirst());
  }

  @ParameterizedTest
  @CsvSource({
    "y, byte 0x07",
    "n, int16 7",
    "q, uint16 7",
    "i, 7",
    "u, uint32 7",
    "x, int64 7",
    "t, uint64 7",
    "d, 7.0",
    "h, handle 7",
    "v, <7>"
  })
  @DisplayName("WIRE-05: a whole number becomes every numeric type")
  void numbers(String type, String text) {
    assertEquals(text, value(7, type).toText());
    if (!type.equals("v")) {
      for (Object seven : List.of((byte) 7, (short) 7, 7L, BigInteger.valueOf(7))) {
        assertEquals(text, value(seven, type).toText());
      }
    }
  }

  @Test
  @DisplayName("texts, lists, maps, and arrays")
  void others() {
    assertEquals("objectpath '/a'", value("/a", "o").toText());
    assertEquals("signature 'as'", value("as", "g").toText());
    assertEquals("@as []", value(List.of(), "as").toText());
    assertEquals("(1, 'a')", value(List.of(1, "a"), "(is)").toText());
    assertEquals("{'a': <1>}", value(Map.of("a", 1), "a{sv}").toText());
    assertEquals("{byte 0x01: [true]}", value(Map.of(1, List.of(true)), "a{yab}").toText());
    assertEquals("[1, 2]", value(new int[] {1, 2}, "ai").toText());
    assertEquals("1.5", value(1.5f, "d").toText());
    assertEquals("<1>", value(new Value.Variant(new Value.Int32(1)), "v").toText());
  }

  @Test
  @DisplayName("what does not fit is refused, and the message says why")
  void refused() {
    refuse(256, "y", "out of range 0 to 255");
    refuse(-1, "u", "out of range");
    refuse(1L << 40, "i", "out of the range of type i");
    refuse((1L << 53) + 1, "d", "out of the range of type d");
    refuse(BigInteger.TEN.pow(400), "d", "out of the range of type d");
    refuse("x", "i", "no value of type i stands for a java.lang.String");
    refuse(1.5, "i", "no value of type i");
    refuse("a", "o", "no object path");
    refuse(List.of(1), "(ii)", "no value of type (ii)");
    refuse(List.of(1), "a{ss}", "no value of type a{ss}");
    refuse(new int[] {1}, "ax", "no value of type ax");
    refuse(new Value.Str("x"), "i", "stands for a value of type s");
  }

  private static void refuse(Object object, String type, String why) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> value(object, type));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
