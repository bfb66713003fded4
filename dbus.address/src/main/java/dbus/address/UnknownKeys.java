package dbus.address;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Checks the keys that a transport does not know and that an address keeps nevertheless.
final class UnknownKeys {
  static final String GUID = "guid";

  private UnknownKeys() {}

  /// An immutable copy in the same order.
  ///
  /// @param isKnown tells the keys that the transport does know: they have components of their own
  /// @throws IllegalArgumentException if a key could not stand in an address as an unknown one
  static Map<String, AddressValue> copy(Map<String, AddressValue> keys, Predicate<String> isKnown) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    Map<String, AddressValue> copy = new LinkedHashMap<>(keys);
    copy.forEach((key, value) -> {
      if (value == null) {
        throw new NullPointerException("key \"" + key + "\" has no value");
      }
      checkName("a key", key);
      if (key.equals(GUID) || isKnown.test(key)) {
        throw new IllegalArgumentException(
            "key \"" + key + "\" is known here, give it as the component of its name");
      }
    });
    return Collections.unmodifiableMap(copy);
  }

  /// Checks the name of a transport or of a key.
  static void checkName(String what, String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(what + " is empty");
    }
    for (int i = 0; i < name.length(); i++) {
      if (!Escaping.isBare(name.charAt(i))) {
        throw new IllegalArgumentException(
            what + " \"" + name + "\" has \"" + name.charAt(i) + "\" at " + i);
      }
    }
  }
}
