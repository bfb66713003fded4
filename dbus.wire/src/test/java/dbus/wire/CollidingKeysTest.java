package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A stranger chooses the keys of a dictionary so that all have one hash code. A map that can put
/// them in order finds them nevertheless; one that cannot compares each with all others.
@DisplayName("SEC-40: dictionaries whose keys all have the same hash code")
class CollidingKeysTest {
  private static final int KEYS = 100_000;

  /// Less than half of what the slow way takes, and fifty times what the fast way does.
  private static final Duration LONG = Duration.ofSeconds(10);

  /// Every type of key of which two different ones can have one hash code.
  static Stream<Arguments> colliding() {
    String[] halves = halvesOfSignature();
    return Stream.of(
        // The halves of a long are joined by exclusive or.
        Arguments.of(Codec.INT64, (IntFunction<Object>) i -> (long) i << 32 | i),
        Arguments.of(
            Codec.DOUBLE, (IntFunction<Object>) i -> Double.longBitsToDouble((long) i << 32 | i)),
        Arguments.of(
            Codec.UINT64,
            (IntFunction<Object>)
                i ->
                    BigInteger.valueOf(i)
                        .shiftLeft(32)
                        .or(BigInteger.valueOf(-31L * i & 0xffff_ffffL))),
        Arguments.of(Codec.STRING, (IntFunction<Object>) i -> text(i, "Aa", "BB")),
        Arguments.of(
            Codec.OBJECT_PATH,
            (IntFunction<Object>) i -> new ObjectPath("/" + text(i, "Aa", "BB"))),
        Arguments.of(
            Codec.SIGNATURE,
            (IntFunction<Object>) i -> Signature.parse(text(i, halves[0], halves[1]))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("colliding")
  @DisplayName("are read by a codec, and as Java objects, as fast as others")
  <K> void read(Codec<K> codec, IntFunction<K> key) {
    List<K> keys = IntStream.range(0, KEYS).mapToObj(key).toList();
    assertEquals(1, keys.stream().map(Object::hashCode).distinct().count(), "hash codes");
    Codec<Map<K, Integer>> dictionary = Codec.mapOf(codec, Codec.BYTE);
    Body body =
        Body.write(
            Signature.of(dictionary.type()),
            writer -> {
              writer.beginArray();
              for (K one : keys) {
                writer.beginDictEntry();
                codec.write(writer, one);
                writer.writeByte(1);
                writer.endDictEntry();
              }
              writer.endArray();
            });

    Map<K, Integer> map = assertTimeoutPreemptively(LONG, () -> body.read(dictionary));
    assertEquals(KEYS, map.size());
    Object java = assertTimeoutPreemptively(LONG, () -> body.reader().readValue().toJava());
    assertEquals(keys, List.copyOf(((Map<?, ?>) java).keySet()));
    // And back, where keys that occur twice are looked for.
    assertTimeoutPreemptively(LONG, () -> Body.of(body.values().getFirst()));
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        Arguments.of(Codec.BYTE, 1),
        Arguments.of(Codec.BOOLEAN, true),
        Arguments.of(Codec.INT16, (short) 1),
        Arguments.of(Codec.UINT16, 1),
        Arguments.of(Codec.INT32, 1),
        Arguments.of(Codec.UINT32, 1L),
        Arguments.of(Codec.INT64, 1L),
        Arguments.of(Codec.UINT64, BigInteger.ONE),
        Arguments.of(Codec.DOUBLE, 1.0),
        Arguments.of(Codec.STRING, "a"),
        Arguments.of(Codec.OBJECT_PATH, ObjectPath.ROOT),
        Arguments.of(Codec.SIGNATURE, Signature.parse("s")),
        Arguments.of(Codec.UNIX_FD_INDEX, 1),
        Arguments.of(Codec.STRING.xmap(InterfaceName::new, InterfaceName::value), name()),
        Arguments.of(
            Codec.STRING.xmap(MemberName::new, MemberName::value), new MemberName("Member")),
        Arguments.of(Codec.STRING.xmap(ErrorName::new, ErrorName::value), new ErrorName("a.b")),
        Arguments.of(Codec.STRING.xmap(BusName::new, BusName::value), new BusName(":1.2")));
  }

  private static InterfaceName name() {
    return new InterfaceName("org.example.Interface");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("keys")
  @DisplayName("have an order, whatever their type")
  <K> void comparable(Codec<K> codec, K key) throws SignatureMismatchException {
    Body body = Body.of(Codec.mapOf(codec, Codec.BYTE), Map.of(key, 1));
    K read = body.read(Codec.mapOf(codec, Codec.BYTE)).keySet().iterator().next();
    assertEquals(key, read);
    assertEquals(0, compare(read, key));
    Map<?, ?> java = (Map<?, ?>) body.reader().readValue().toJava();
    assertInstanceOf(Comparable.class, java.keySet().iterator().next());
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object one, Object other) {
    return assertInstanceOf(Comparable.class, one).compareTo(other);
  }

  /// A text of 17 pieces, each one of two, chosen by the bits of a number.
  private static String text(int bits, String zero, String one) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 17; i++) {
      text.append((bits >> i & 1) == 0 ? zero : one);
    }
    return text.toString();
  }

  /// Two signatures of seven types that have the same hash code. No shorter ones are needed: 17 of
  /// them fit into one signature.
  private static String[] halvesOfSignature() {
    Random random = new Random(1);
    Map<Integer, String> seen = new HashMap<>();
    while (true) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 7; i++) {
        text.append("ybnqiuxtdsoghv".charAt(random.nextInt(14)));
      }
      String before = seen.put(text.toString().hashCode(), text.toString());
      if (before != null && !before.contentEquals(text)) {
        return new String[] {before, text.toString()};
      }
    }
  }
}
