package dbus.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The types that are one code long, as they stand behind the text of every [Signature].
///
/// Nearly every variant holds one value of such a type. A cursor finds the type behind the text of
/// the signature that it is in, and need not walk to another signature and back.
final class Singles {
  private static final byte[] CODES =
      "\0y\0b\0n\0q\0i\0u\0x\0t\0d\0s\0o\0g\0h\0v\0".getBytes(StandardCharsets.US_ASCII);

  private static final @Nullable Type[] TYPES = new Type[CODES.length];
  private static final byte[] OFFSETS = new byte[128];

  static {
    for (int i = 1; i < CODES.length; i += 2) {
      OFFSETS[CODES[i]] = (byte) i;
      TYPES[i] =
          BasicType.ofCode((char) CODES[i]).<Type>map(type -> type).orElse(VariantType.VARIANT);
    }
  }

  private Singles() {}

  /// How far behind the end of a text the type with this code is; 0 for every other byte.
  static int offset(byte code) {
    return code < 0 ? 0 : OFFSETS[code];
  }

  static boolean isBasic(byte code) {
    return code != 'v' && offset(code) != 0;
  }

  /// The codes of a text, and behind them these types, a 0 before and after each.
  static byte[] codesBehind(byte[] bytes, int from, int length) {
    byte[] codes =
        Arrays.copyOf(Arrays.copyOfRange(bytes, from, from + length), length + CODES.length);
    System.arraycopy(CODES, 0, codes, length, CODES.length);
    return codes;
  }

  /// An array for what follows each place; filled for these types, each followed by its 0.
  static short[] nextBehind(int length) {
    short[] next = new short[length + CODES.length];
    for (int i = length + 1; i < next.length; i += 2) {
      next[i] = (short) (i + 1);
    }
    return next;
  }

  /// An array for the type at each place; filled for these types.
  static @Nullable Type[] typesBehind(int length) {
    @Nullable Type[] types = new Type[length + CODES.length];
    System.arraycopy(TYPES, 0, types, length, CODES.length);
    return types;
  }
}
