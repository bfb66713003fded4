package dbus.auth.keyring;

import java.util.OptionalLong;

/// The one spelling of a cookie's number: decimal, no sign, no leading zero (AUTH-41).
///
/// Numbers are made with 31 bits, which is all that libdbus and GDBus take. Those of dbus-java have
/// more, since it counts milliseconds; so more are read.
public final class CookieId {
  /// The largest number that every reader takes.
  static final long MOST_FOR_EVERYBODY = Integer.MAX_VALUE;

  /// Whatever they are, the number fits into 63 bits.
  private static final int MOST_DIGITS = 18;

  private CookieId() {}

  /// The number that the text spells; empty if it spells none.
  public static OptionalLong parse(String text) {
    boolean plain =
        !text.isEmpty()
            && text.length() <= MOST_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9')
            && (text.charAt(0) != '0' || text.length() == 1);
    return plain ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
