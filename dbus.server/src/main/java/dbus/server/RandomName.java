package dbus.server;

import java.security.SecureRandom;

/// Names that nobody can guess.
final class RandomName {

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomName() {}

  static String of(int length) {
    return RANDOM
        .ints(length, 0, LETTERS.length())
        .collect(
            StringBuilder::new, (name, i) -> name.append(LETTERS.charAt(i)), StringBuilder::append)
        .toString();
  }
}
