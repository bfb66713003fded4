package dbus.auth;

import java.util.OptionalLong;

/// The one spelling of a numeric user id: decimal, no sign, no blanks, no leading zero, 32 bits and
/// not the one that means none (AUTH-31). Where others accept more, one user could be written in
/// two ways.
final class UserId {
  private static final int MOST_DIGITS = 10;
  private static final long NO_ID = 0xffff_ffffL;

  private UserId() {}

  static OptionalLong parse(String text) {
    boolean plain =
        !text.isEmpty()
            && text.length() <= MOST_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9')
            && (text.charAt(0) != '0' || text.length() == 1);
    if (!plain) {
      return OptionalLong.empty();
    }
    long id = Long.parseLong(text);
    return id < NO_ID ? OptionalLong.of(id) : OptionalLong.empty();
  }
}
