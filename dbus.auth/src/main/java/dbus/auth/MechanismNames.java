package dbus.auth;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Checks the mechanisms that a caller configures: at least one, none twice, each name as in RFC
/// 4422.
final class MechanismNames {
  private static final int LONGEST = 20;

  private MechanismNames() {}

  /// A client may have several mechanisms of one name, of different kinds.
  static void checkClient(List<ClientMechanism> mechanisms) {
    checkNames(mechanisms.stream().map(ClientMechanism::name).toList());
    checkDifferent(mechanisms.stream().map(ClientMechanism::kind).toList());
  }

  /// A server has one of each name, which is all that a client tells.
  static void checkServer(List<ServerMechanism> mechanisms) {
    List<String> names = mechanisms.stream().map(ServerMechanism::name).toList();
    checkNames(names);
    checkDifferent(names);
  }

  private static void checkNames(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("mechanisms: at least one is needed");
    }
    for (String name : names) {
      if (!isValid(name)) {
        throw new IllegalArgumentException(
            "mechanisms: \"" + name + "\" is not 1 to " + LONGEST + " of A-Z, 0-9, - and _");
      }
    }
  }

  private static void checkDifferent(List<String> kinds) {
    Set<String> seen = new HashSet<>();
    for (String kind : kinds) {
      if (!seen.add(kind)) {
        throw new IllegalArgumentException("mechanisms: " + kind + " occurs twice");
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
