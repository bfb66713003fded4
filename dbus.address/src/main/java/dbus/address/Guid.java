package dbus.address;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/// A 128-bit identifier, written as 32 hexadecimal digits without hyphens.
///
/// A server has one for each address that it listens on, and says it in the address (key `guid`)
/// and again in its answer to the authentication. A machine has one as well, see [MachineId]. D-Bus
/// Specification, "UUIDs". It is not a [java.util.UUID]: no bit of it stands for a version or a
/// variant.
///
/// Values are ordered as their texts are.
///
/// @param high the first 64 bits, the first 16 digits of the text
/// @param low the last 64 bits, the last 16 digits of the text
public record Guid(long high, long low) implements Comparable<Guid> {

  /// The length of the text, in digits.
  public static final int DIGITS = 32;

  private static final HexFormat HEX = HexFormat.of();

  /// Makes an identifier that nobody else has: all 128 bits come from a [SecureRandom].
  public static Guid random() {
    SecureRandom random = new SecureRandom();
    return new Guid(random.nextLong(), random.nextLong());
  }

  /// Reads the text form. Upper-case digits are accepted.
  ///
  /// @param text exactly 32 hexadecimal digits
  /// @throws IllegalArgumentException if the text is anything else
  public static Guid parse(String text) {
    return tryParse(text).orElseThrow(() -> new IllegalArgumentException(complaint(text)));
  }

  /// Reads a text that may not be an identifier, such as one that a peer sent.
  ///
  /// @param text any text
  /// @return the identifier, or empty if the text is not exactly 32 hexadecimal digits
  public static Optional<Guid> tryParse(String text) {
    if (text.length() != DIGITS || firstNonDigit(text) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Guid(
            HexFormat.fromHexDigitsToLong(text, 0, DIGITS / 2),
            HexFormat.fromHexDigitsToLong(text, DIGITS / 2, DIGITS)));
  }

  /// Tells whether [#parse] accepts the text.
  ///
  /// @param text any text
  public static boolean isValid(String text) {
    return tryParse(text).isPresent();
  }

  private static String complaint(String text) {
    String quoted = "\"" + text + "\": not a GUID:";
    int wrong = firstNonDigit(text);
    return wrong >= 0
        ? quoted + " \"" + text.charAt(wrong) + "\" at " + wrong + " is not a hexadecimal digit"
        : quoted + " " + text.length() + " digits, must be " + DIGITS;
  }

  private static int firstNonDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public int compareTo(Guid other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  /// The 32 digits, in lower case.
  @Override
  public String toString() {
    return HEX.toHexDigits(high) + HEX.toHexDigits(low);
  }
}
