package dbus.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers as C prints and reads them.
final class TextNumber {
  /// So many digits tell any double from every other.
  private static final MathContext DIGITS = new MathContext(17, RoundingMode.HALF_EVEN);

  private static final Pattern INTEGER =
      Pattern.compile("([+-]?)(?:0[xX]([0-9a-fA-F]++)|0([0-7]++)|([1-9][0-9]*+|0))");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?");
  private static final Pattern HEXADECIMAL =
      Pattern.compile("[+-]?0[xX](?:[0-9a-fA-F]++\\.?[0-9a-fA-F]*+)(?:[pP][+-]?[0-9]++)?");

  /// No exponent that matters is longer, and no number either.
  private static final int MAX_LENGTH = 1100;

  private TextNumber() {}

  /// Prints as `%.17g` does, with a `.0` behind what would look like an integer.
  static String format(double value) {
    if (Double.isNaN(value)) {
      return Double.doubleToRawLongBits(value) < 0 ? "-nan" : "nan";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-inf" : "inf";
    }
    if (value == 0) {
      return Double.doubleToRawLongBits(value) < 0 ? "-0.0" : "0.0";
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS.getPrecision()) {
      String plain = rounded.toPlainString();
      return plain.indexOf('.') >= 0 ? plain : plain + ".0";
    }
    String digits = rounded.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        // As it is in C, and not with the digits of the user's language.
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /// Whether a number is a DOUBLE if nothing says another type.
  static boolean looksLikeDouble(String text) {
    return text.indexOf('.') >= 0
        || (!text.startsWith("0x") && text.indexOf('e') >= 0)
        || text.contains("inf")
        || text.contains("nan");
  }

  /// Reads a double.
  ///
  /// @throws NumberFormatException if the text is none, or too big
  static double parseDouble(String text) {
    switch (text) {
      case "nan", "+nan" -> {
        return Double.NaN;
      }
      case "-nan" -> {
        return Double.longBitsToDouble(0xfff8L << 48);
      }
      case "inf", "+inf" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-inf" -> {
        return Double.NEGATIVE_INFINITY;
      }
      default -> {}
    }
    requireShort(text);
    boolean hexadecimal = HEXADECIMAL.matcher(text).matches();
    if (!hexadecimal && !DECIMAL.matcher(text).matches()) {
      throw new NumberFormatException("this is no number");
    }
    // Java wants the exponent of a hexadecimal number written, C does not.
    boolean lacksExponent = hexadecimal && text.indexOf('p') < 0 && text.indexOf('P') < 0;
    double value = Double.parseDouble(lacksExponent ? text + "p0" : text);
    if (Double.isInfinite(value)) {
      throw new NumberFormatException("the number is too big for a DOUBLE");
    }
    return value;
  }

  /// Reads an integer: decimal, hexadecimal with 0x in front, or octal with 0 in front.
  ///
  /// @throws NumberFormatException if the text is none
  static BigInteger parseInteger(String text) {
    requireShort(text);
    Matcher matcher = INTEGER.matcher(text);
    if (!matcher.matches()) {
      throw new NumberFormatException("this is no integer");
    }
    BigInteger value;
    if (matcher.group(2) != null) {
      value = new BigInteger(matcher.group(2), 16);
    } else if (matcher.group(3) != null) {
      value = new BigInteger(matcher.group(3), 8);
    } else {
      value = new BigInteger(matcher.group(4));
    }
    return matcher.group(1).equals("-") ? value.negate() : value;
  }

  private static void requireShort(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new NumberFormatException("a number has at most " + MAX_LENGTH + " characters");
    }
  }
}
