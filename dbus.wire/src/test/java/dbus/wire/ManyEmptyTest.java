package dbus.wire;

import static dbus.wire.Codec.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What takes the fewest bytes for the most objects.
@DisplayName("WIRE-35: millions of empty values")
class ManyEmptyTest {
  private static final int FEW = 1 << 18;
  private static final int MANY = 8 * FEW;

  private static final Duration LONG = Duration.ofSeconds(60);

  record One(List<String> empty) {}

  static Stream<Arguments> empty() {
    return Stream.of(
        Arguments.of(STRING, "", 16),
        Arguments.of(listOf(STRING), List.of(), 2),
        Arguments.of(listOf(listOf(INT32)), List.of(), 2),
        Arguments.of(mapOf(BYTE, BYTE), Map.of(), 2),
        Arguments.of(BYTES, new byte[0], 8),
        Arguments.of(Codec.struct(listOf(STRING), One::new, One::empty), new One(List.of()), 8),
        Arguments.of(SIGNATURE, Signature.EMPTY, 8),
        Arguments.of(VARIANT, Value.Array.of(BasicType.STRING), 32));
  }

  /// The bytes allocated for each byte of the body, a list's place for each element left aside.
  private static <T> double allocatedPerByte(Codec<List<T>> codec, T item, int count)
      throws SignatureMismatchException {
    Body body = Body.of(codec, Collections.nCopies(count, item));
    long before = Allocation.bytes();
    Collection<T> read = body.read(codec);
    long allocated = Allocation.bytes() - before;
    assertEquals(count, read.size());
    return (double) allocated / body.length();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("empty")
  @DisplayName("are read by a codec in time and memory that grow as their bytes do")
  <T> void codecs(Codec<T> codec, T item, int most) {
    Codec<List<T>> list = listOf(codec);
    assertTimeoutPreemptively(
        LONG,
        () -> {
          allocatedPerByte(list, item, FEW);
          double few = allocatedPerByte(list, item, FEW);
          double many = allocatedPerByte(list, item, MANY);
          assertTrue(many < 1.5 * few + 1, () -> few + " bytes a byte, then " + many);
          // A list that grows copies itself: two or three times what it holds.
          assertTrue(many < most + 6, () -> many + " bytes for a byte");
        });
  }
}
