package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuidTest {
  private static final String TEXT = "0123456789abcdeffedcba9876543210";

  @Test
  @DisplayName("ADDR-17 the text is the two halves in big-endian order")
  void textIsTheTwoHalves() {
    Guid guid = Guid.parse(TEXT);

    assertEquals(new Guid(0x0123456789abcdefL, 0xfedcba9876543210L), guid);
    assertEquals(TEXT, guid.toString());
  }

  @Test
  @DisplayName("ADDR-17 zeros in front are written")
  void leadingZerosAreWritten() {
    assertEquals("00000000000000010000000000000002", new Guid(1, 2).toString());
  }

  @Test
  @DisplayName("ADDR-17 either case is read, lower case is written, comparing ignores case")
  void caseIsIgnored() {
    Guid upper = Guid.parse("0123456789ABCDEFFEDCBA9876543210");

    assertEquals(Guid.parse(TEXT), upper);
    assertEquals(TEXT, upper.toString());
    assertEquals(0, upper.compareTo(Guid.parse(TEXT)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0123456789abcdeffedcba987654321",
        "0123456789abcdeffedcba98765432100",
        "01234567-89ab-cdef-fedc-ba9876543210",
        "01234567-89ab-cdef-fedc-ba987654",
        "0123456789abcdefgedcba9876543210",
        " 0123456789abcdeffedcba987654321",
        "+123456789abcdef+edcba9876543210",
        "-123456789abcdeffedcba9876543210",
        "\u0660123456789abcdeffedcba987654321"
      })
  @DisplayName("ADDR-19 anything but 32 hexadecimal digits is refused")
  void refusesAnythingElse(String text) {
    assertThrows(IllegalArgumentException.class, () -> Guid.parse(text));
    assertEquals(Optional.empty(), Guid.tryParse(text));
    assertFalse(Guid.isValid(text));
  }

  @Test
  @DisplayName("ADDR-19 the error names the place or the length")
  void errorNamesWhatIsWrong() {
    assertEquals(
        "\"12x\": not a GUID: \"x\" at 2 is not a hexadecimal digit",
        assertThrows(IllegalArgumentException.class, () -> Guid.parse("12x")).getMessage());
    assertEquals(
        "\"123\": not a GUID: 3 digits, must be 32",
        assertThrows(IllegalArgumentException.class, () -> Guid.parse("123")).getMessage());
  }

  @Test
  @DisplayName("ADDR-18 each of the 128 bits is random")
  void everyBitIsRandom() {
    long highOnes = 0;
    long highZeros = 0;
    long lowOnes = 0;
    long lowZeros = 0;
    Set<Guid> seen = new HashSet<>();
    // A bit that is not fixed shows one value only in 200 draws with a chance of 2^-199.
    for (int i = 0; i < 200; i++) {
      Guid guid = Guid.random();
      highOnes |= guid.high();
      highZeros |= ~guid.high();
      lowOnes |= guid.low();
      lowZeros |= ~guid.low();
      seen.add(guid);
    }

    assertEquals(List.of(-1L, -1L, -1L, -1L), List.of(highOnes, highZeros, lowOnes, lowZeros));
    assertEquals(200, seen.size());
  }

  @Test
  void orderIsThatOfTheTexts() {
    Guid small = Guid.parse("00000000000000000000000000000001");
    Guid middle = Guid.parse("00000000000000008000000000000000");
    Guid large = Guid.parse("80000000000000000000000000000000");

    assertTrue(small.compareTo(middle) < 0);
    assertTrue(middle.compareTo(large) < 0);
    assertTrue(large.compareTo(small) > 0);
  }
}
