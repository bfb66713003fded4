package dbus.wire;

/// The name of a connection to a message bus: unique, such as `:1.42`, or well-known, such as
/// `org.example.Service`.
///
/// Between two programs without a bus these names mean nothing; they are carried and checked
/// nonetheless. Two or more elements joined by `.`, of `A-Z a-z 0-9 _ -`, at most 255 bytes; only
/// the elements of unique names may begin with a digit. The check is strict, also on reading: the
/// names `:` and `:a`, which libdbus lets pass in messages, are refused. D-Bus Specification, "Bus
/// names".
///
/// @param value the text of the name
public record BusName(String value) implements Comparable<BusName> {
  /// Checks the text.
  ///
  /// @throws IllegalArgumentException if it is no bus name
  public BusName {
    NameGrammar.require(
        value,
        NameGrammar::busName,
        "bus name",
        "two or more elements of A-Z a-z 0-9 _ - joined by dots, after \":\" if unique, else none"
            + " beginning with a digit, at most 255 bytes");
  }

  /// Whether a text is a bus name, unique or well-known.
  ///
  /// @param text any text
  /// @return true if the constructor accepts it
  public static boolean isValid(String text) {
    return NameGrammar.isValid(text, NameGrammar::busName);
  }

  /// Whether a text is a unique bus name.
  ///
  /// @param text any text
  /// @return true if it is a bus name and begins with `:`
  public static boolean isValidUnique(String text) {
    return text.startsWith(":") && isValid(text);
  }

  /// Whether this is the unique name that a bus gave to a connection.
  ///
  /// @return true if it begins with `:`
  public boolean isUnique() {
    return value.startsWith(":");
  }

  /// Whether this is a name that a program chose.
  ///
  /// @return true if it does not begin with `:`
  public boolean isWellKnown() {
    return !isUnique();
  }

  /// Orders names by their text.
  @Override
  public int compareTo(BusName other) {
    return value.compareTo(other.value);
  }

  /// The text of the name.
  @Override
  public String toString() {
    return value;
  }
}
