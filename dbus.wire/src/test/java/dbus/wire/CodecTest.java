package dbus.wire;

import static dbus.wire.Codec.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
  record Point(int x, int y) {}

  record One(String a) {}

  record Three(int a, String b, boolean c) {}

  record Four(int a, int b, int c, int d) {}

  record Five(int a, int b, int c, int d, int e) {}

  record Six(int a, int b, int c, int d, int e, List<Point> f) {}

  private static final Codec<Point> POINT =
      Codec.struct(INT32, INT32, Point::new, Point::x, Point::y);

  static Stream<Arguments> roundTrips() {
    return Stream.of(
        Arguments.of("y", BYTE, 255),
        Arguments.of("b", BOOLEAN, true),
        Arguments.of("n", INT16, (short) -1),
        Arguments.of("q", UINT16, 65535),
        Arguments.of("i", INT32, -1),
        Arguments.of("u", UINT32, 4294967295L),
        Arguments.of("x", INT64, -1L),
        Arguments.of("t", UINT64, new BigInteger("18446744073709551615")),
        Arguments.of("d", DOUBLE, 0.5),
        Arguments.of("s", STRING, "é"),
        Arguments.of("o", OBJECT_PATH, new ObjectPath("/a")),
        Arguments.of("g", SIGNATURE, Signature.parse("a{sv}")),
        Arguments.of("h", UNIX_FD_INDEX, 3),
        Arguments.of("v", VARIANT, new Value.Variant(Value.of(List.of(1)))),
        Arguments.of("as", listOf(STRING), List.of("a", "b")),
        Arguments.of("aas", listOf(listOf(STRING)), List.of(List.of("a"), List.of())),
        Arguments.of("a{sv}", mapOf(STRING, VARIANT), Map.of("a", Value.of(1))),
        Arguments.of(
            "a{sa(ii)}", mapOf(STRING, listOf(POINT)), Map.of("a", List.of(new Point(1, 2)))),
        Arguments.of("(s)", Codec.struct(STRING, One::new, One::a), new One("x")),
        Arguments.of("(ii)", POINT, new Point(1, -2)),
        Arguments.of(
            "(isb)",
            Codec.struct(INT32, STRING, BOOLEAN, Three::new, Three::a, Three::b, Three::c),
            new Three(1, "b", true)),
        Arguments.of(
            "(iiii)",
            Codec.struct(INT32, INT32, INT32, INT32, Four::new, Four::a, Four::b, Four::c, Four::d),
            new Four(1, 2, 3, 4)),
        Arguments.of(
            "(iiiii)",
            Codec.struct(
                INT32, INT32, INT32, INT32, INT32, Five::new, Five::a, Five::b, Five::c, Five::d,
                Five::e),
            new Five(1, 2, 3, 4, 5)),
        Arguments.of(
            "(iiiiia(ii))",
            Codec.struct(
                INT32,
                INT32,
                INT32,
                INT32,
                INT32,
                listOf(POINT),
                Six::new,
                Six::a,
                Six::b,
                Six::c,
                Six::d,
                Six::e,
                Six::f),
            new Six(1, 2, 3, 4, 5, List.of(new Point(6, 7)))),
        Arguments.of(
            "t",
            UINT64.xmap(
                n -> Duration.ofNanos(n.longValueExact()), d -> BigInteger.valueOf(d.toNanos())),
            Duration.ofSeconds(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("roundTrips")
  @DisplayName("WIRE-33: what a codec writes is of its type, and it reads it back")
  void roundTrip(String type, Codec<Object> codec, Object object)
      throws SignatureMismatchException {
    assertEquals(type, codec.type().toString());
    Body body = Body.of(codec, object);
    assertEquals(type, body.signature().toString());
    assertEquals(object, body.read(codec));
    // And it is what the values of the same signature are.
    assertEquals(body, Body.of(body.values().getFirst()));
  }

  @Test
  @DisplayName("arrays of primitives")
  void primitives() throws SignatureMismatchException {
    byte[] bytes = {1, -1};
    short[] shorts = {1, -1};
    int[] ints = {1, -1};
    long[] longs = {1, -1};
    double[] doubles = {1, -1};
    assertArrayEquals(bytes, Body.of(BYTES, bytes).read(BYTES));
    assertArrayEquals(shorts, Body.of(INT16_ARRAY, shorts).read(INT16_ARRAY));
    assertArrayEquals(ints, Body.of(INT32_ARRAY, ints).read(INT32_ARRAY));
    assertArrayEquals(longs, Body.of(INT64_ARRAY, longs).read(INT64_ARRAY));
    assertArrayEquals(doubles, Body.of(DOUBLE_ARRAY, doubles).read(DOUBLE_ARRAY));
  }

  @Test
  @DisplayName("maps keep their order in both directions")
  void order() throws SignatureMismatchException {
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", 2);
    Codec<Map<String, Integer>> codec = mapOf(STRING, INT32);
    assertEquals(List.of("z", "a"), List.copyOf(Body.of(codec, map).read(codec).keySet()));
  }

  @Test
  @DisplayName("WIRE-18: of equal keys that a peer sent, the last wins")
  void duplicateKeys() throws Exception {
    Body body =
        MarshallingTest.received(
            "a{yy}", java.nio.ByteOrder.LITTLE_ENDIAN, "0a00000000000000 0101 000000000000 0102");
    assertEquals(Map.of(1, 2), body.read(mapOf(BYTE, BYTE)));
  }

  @Test
  @DisplayName("a number out of range is refused by value and range")
  void ranges() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Body.of(BYTE, 256));
    assertEquals("BYTE 256 is out of range 0 to 255", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Body.of(UINT32, -1L));
    assertThrows(IllegalArgumentException.class, () -> Body.of(UINT64, BigInteger.TWO.pow(64)));
  }

  @Test
  @DisplayName("WIRE-17: a container is no key")
  void keys() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> mapOf(VARIANT, STRING));
    assertEquals("the key of a dictionary is of a basic type, not v", e.getMessage());
  }

  @Test
  @DisplayName("a body of other types than the codec's is a checked exception that names both")
  void mismatch() {
    SignatureMismatchException e =
        assertThrows(SignatureMismatchException.class, () -> Body.of(STRING, "x").read(INT32));
    assertEquals("i", e.expected().toString());
    assertEquals("s", e.actual().toString());
    assertEquals("the arguments have the signature \"s\", not \"i\"", e.getMessage());
    Body two = Body.of(Value.of(1), Value.of(2));
    assertThrows(SignatureMismatchException.class, () -> two.read(INT32));
    assertThrows(SignatureMismatchException.class, () -> Body.EMPTY.read(INT32));
  }

  @Test
  @DisplayName("a codec at a value of another type leaves an IllegalStateException")
  void wrongPlace() {
    WireReader reader = Body.of(STRING, "x").reader();
    assertThrows(IllegalStateException.class, () -> VARIANT.read(reader));
    assertThrows(IllegalStateException.class, () -> POINT.read(reader));
    assertThrows(
        IllegalStateException.class,
        () -> Body.write(Signature.parse("as"), w -> listOf(INT32).write(w, List.of(1))));
  }
}
