package dbus.auth.keyring;

import java.util.Optional;

/// The name of a set of cookies, which is also the name of their file. One that exists is safe to
/// be a file name: it has no separator, no dot, no blank (AUTH-39). A server tells its client the
/// context, so this is where a hostile server is stopped (SEC-30).
///
/// @param name ASCII, not empty, at most 250 characters, without `/`, `\`, `.` and blanks; control
///   characters are refused as well
public record CookieContext(String name) {
  /// What a directory entry can hold on the usual file systems, with room for `.lock`.
  private static final int LONGEST = 250;

  /// Checks the name.
  ///
  /// @throws IllegalArgumentException if it is not the name of a context
  public CookieContext {
    if (!isValid(name)) {
      throw new IllegalArgumentException(
          "cookie context must be 1 to " + LONGEST + " of ASCII without / \\ . and blanks");
    }
  }

  /// The context of this name, or empty if it cannot be one.
  public static Optional<CookieContext> of(String name) {
    return isValid(name) ? Optional.of(new CookieContext(name)) : Optional.empty();
  }

  private static boolean isValid(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST
        && name.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '/' && c != '\\' && c != '.');
  }
}
