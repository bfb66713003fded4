package dbus.auth;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Checks the mechanisms that a caller configures: at least one, no name twice, each name as in RFC
/// 4422.
final class MechanismNames {
  private static final int LONGEST = 20;

  private MechanismNames() {}

  static void check(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("mechanisms: at least one is needed");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!isValid(name)) {
        throw new IllegalArgumentException(
            "mechanisms: \"" + name + "\" is not 1 to " + LONGEST + " of A-Z, 0-9, - and _");
      }
      if (!seen.add(name)) {
        throw new IllegalArgumentException("mechanisms: " + name + " occurs twice");
      }
    }
  }

  private static boolean isValid(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST
        && name.chars()
            .allMatch(
                c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
  }
}
