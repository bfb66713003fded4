package dbus.auth.keyring;

import java.util.OptionalInt;

/// The one spelling of a cookie's number: decimal, no sign, no leading zero, 31 bits (AUTH-41).
public final class CookieId {
  private static final int MOST_DIGITS = 10;

  private CookieId() {}

  /// The number that the text spells; empty if it spells none.
  public static OptionalInt parse(String text) {
    boolean plain =
        !text.isEmpty()
            && text.length() <= MOST_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9')
            && (text.charAt(0) != '0' || text.length() == 1);
    if (!plain) {
      return OptionalInt.empty();
    }
    long id = Long.parseLong(text);
    return id <= Integer.MAX_VALUE ? OptionalInt.of((int) id) : OptionalInt.empty();
  }
}
