package dbus.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The path of an object, such as `/org/example/Printer/1`.
///
/// `/` alone, or elements of `A-Z a-z 0-9 _`, each after a `/`. Any length that fits into a
/// message. D-Bus Specification, "Valid Object Paths".
///
/// @param value the text of the path
public record ObjectPath(String value) implements Comparable<ObjectPath> {
  /// The path `/`.
  public static final ObjectPath ROOT = new ObjectPath("/");

  /// The path reserved for messages that a library makes for its own program; such a message is
  /// never sent, and one that is received ends the connection.
  public static final ObjectPath LOCAL = new ObjectPath("/org/freedesktop/DBus/Local");

  /// Checks the text.
  ///
  /// @throws IllegalArgumentException if it is no object path
  public ObjectPath {
    NameGrammar.require(
        value,
        NameGrammar::objectPath,
        "object path",
        "\"/\", or elements of A-Z a-z 0-9 _, each after a \"/\"");
  }

  /// Whether a text is an object path.
  ///
  /// @param text any text
  /// @return true if the constructor accepts it
  public static boolean isValid(String text) {
    return NameGrammar.isValid(text, NameGrammar::objectPath);
  }

  /// The path without its last element.
  ///
  /// @return empty for the root
  public Optional<ObjectPath> parent() {
    if (isRoot()) {
      return Optional.empty();
    }
    int slash = value.lastIndexOf('/');
    return Optional.of(slash == 0 ? ROOT : new ObjectPath(value.substring(0, slash)));
  }

  /// The path with one more element.
  ///
  /// @param element an element, see [#escapeElement(byte\[\])] for arbitrary text
  /// @return the longer path
  /// @throws IllegalArgumentException if the element is empty or has other characters than `A-Z a-z
  ///   0-9 _`
  public ObjectPath child(String element) {
    if (element.isEmpty() || element.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          Excerpt.of(element) + ": no element of an object path; one or more of A-Z a-z 0-9 _");
    }
    return new ObjectPath((isRoot() ? "/" : value + "/") + element);
  }

  /// The last element.
  ///
  /// @return the text after the last `/`, empty for the root
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /// Whether this is `/`.
  ///
  /// @return true for the root
  public boolean isRoot() {
    return value.length() == 1;
  }

  /// Whether another path lies below this one. A path is not its own ancestor.
  ///
  /// @param other the path that may lie below
  /// @return true if it has this path's elements and at least one more
  public boolean isAncestorOf(ObjectPath other) {
    return other.value.length() > value.length() && other.startsWith(this);
  }

  /// Whether this path begins with all elements of another, or equals it.
  ///
  /// @param prefix the path that may lie above
  /// @return true if this is the other path or lies below it
  public boolean startsWith(ObjectPath prefix) {
    if (prefix.isRoot()) {
      return true;
    }
    return value.startsWith(prefix.value)
        && (value.length() == prefix.value.length() || value.charAt(prefix.value.length()) == '/');
  }

  /// Turns any text into an element of a path, by way of its UTF-8 bytes.
  ///
  /// @param text any text
  /// @return the element: `foo_bar` gives `foo_5fbar`, the empty text `_`
  public static String escapeElement(String text) {
    return escapeElement(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Turns any bytes into an element of a path: all but `A-Z a-z 0-9` become `_` and two lower-case
  /// hexadecimal digits; no bytes become `_`. The same as `g_dbus_escape_object_path_bytestring`.
  ///
  /// @param bytes any bytes
  /// @return an element that [#unescapeElement(String)] turns back
  public static String escapeElement(byte[] bytes) {
    if (bytes.length == 0) {
      return "_";
    }
    StringBuilder out = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (NameGrammar.isLetterOrDigit(b)) {
        out.append((char) b);
      } else {
        out.append('_').append(HexFormat.of().toHexDigits(b));
      }
    }
    return out.toString();
  }

  /// Undoes [#escapeElement(byte\[\])].
  ///
  /// @param element an element of a path
  /// @return the bytes, or empty if `_` stands without two hexadecimal digits, a byte would be 0,
  ///   or another character than `A-Z a-z 0-9 _` occurs
  public static Optional<byte[]> unescapeElement(String element) {
    if (element.equals("_")) {
      return Optional.of(new byte[0]);
    }
    if (!isValid("/" + element) || element.isEmpty() || element.indexOf('/') >= 0) {
      return Optional.empty();
    }
    byte[] out = new byte[element.length()];
    int length = 0;
    int at = 0;
    while (at < element.length()) {
      if (element.charAt(at) != '_') {
        out[length++] = (byte) element.charAt(at++);
        continue;
      }
      if (at + 2 >= element.length()
          || !HexFormat.isHexDigit(element.charAt(at + 1))
          || !HexFormat.isHexDigit(element.charAt(at + 2))) {
        return Optional.empty();
      }
      byte value = (byte) HexFormat.fromHexDigits(element, at + 1, at + 3);
      if (value == 0) {
        return Optional.empty();
      }
      out[length++] = value;
      at += 3;
    }
    return Optional.of(Arrays.copyOf(out, length));
  }

  /// Orders paths by their text.
  @Override
  public int compareTo(ObjectPath other) {
    return value.compareTo(other.value);
  }

  /// The text of the path.
  @Override
  public String toString() {
    return value;
  }
}
