package dbus.wire;

/// The name of a method or signal, such as `Ping`.
///
/// One or more of `A-Z a-z 0-9 _`, not beginning with a digit; at most 255 bytes. D-Bus
/// Specification, "Member names".
///
/// @param value the text of the name
public record MemberName(String value) implements Comparable<MemberName> {
  /// Checks the text.
  ///
  /// @throws IllegalArgumentException if it is no member name
  public MemberName {
    NameGrammar.require(
        value,
        NameGrammar::memberName,
        "member name",
        "A-Z a-z 0-9 _, not beginning with a digit, 1 to 255 bytes");
  }

  /// Whether a text is a member name.
  ///
  /// @param text any text
  /// @return true if the constructor accepts it
  public static boolean isValid(String text) {
    return NameGrammar.isValid(text, NameGrammar::memberName);
  }

  /// Orders names by their text.
  @Override
  public int compareTo(MemberName other) {
    return value.compareTo(other.value);
  }

  /// The text of the name.
  @Override
  public String toString() {
    return value;
  }
}
