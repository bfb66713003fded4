package dbus.wire;

/// The name of an interface, such as `org.freedesktop.DBus.Peer`.
///
/// Two or more elements joined by `.`, each of `A-Z a-z 0-9 _` and not beginning with a digit; at
/// most 255 bytes. D-Bus Specification, "Interface names".
///
/// @param value the text of the name
public record InterfaceName(String value) implements Comparable<InterfaceName> {
  /// The interface reserved for messages that a library makes for its own program; such a message
  /// is never sent, and one that is received ends the connection.
  public static final InterfaceName LOCAL = new InterfaceName("org.freedesktop.DBus.Local");

  /// Checks the text.
  ///
  /// @throws IllegalArgumentException if it is no interface name
  public InterfaceName {
    NameGrammar.require(
        value,
        NameGrammar::interfaceName,
        "interface name",
        "two or more elements of A-Z a-z 0-9 _ joined by dots, none beginning with a digit, at most"
            + " 255 bytes");
  }

  /// Whether a text is an interface name.
  ///
  /// @param text any text
  /// @return true if the constructor accepts it
  public static boolean isValid(String text) {
    return NameGrammar.isValid(text, NameGrammar::interfaceName);
  }

  /// Orders names by their text.
  @Override
  public int compareTo(InterfaceName other) {
    return value.compareTo(other.value);
  }

  /// The text of the name.
  @Override
  public String toString() {
    return value;
  }
}
