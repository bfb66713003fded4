package dbus.address;

import java.security.SecureRandom;

/// Names that nobody can guess, for what a server makes in a directory that others may write to.
public final class RandomName {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private RandomName() {}

  /// Draws a name of ASCII letters and digits, each worth nearly 6 bits, from a [SecureRandom].
  ///
  /// @param length how many characters
  /// @throws IllegalArgumentException if the length is negative
  public static String of(int length) {
    return new SecureRandom()
        .ints(length, 0, ALPHABET.length())
        .collect(
            StringBuilder::new, (name, i) -> name.append(ALPHABET.charAt(i)), StringBuilder::append)
        .toString();
  }
}
