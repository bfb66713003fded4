package dbus.address;

import java.io.File;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The value of a key in an address: at least one byte, and none of them NUL.
///
/// A value is bytes rather than text because the paths of a Unix file system are bytes. Views as
/// text and as [Path] are given. Values are equal if their bytes are, however they were escaped.
///
/// Instances are immutable.
public final class AddressValue {
  private final byte[] bytes;

  private AddressValue(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A value of text, as UTF-8.
  ///
  /// @param text the text, not escaped
  /// @throws IllegalArgumentException if it is empty, has a NUL, or half of a surrogate pair
  public static AddressValue of(String text) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return checked(bytes);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a value has half of a surrogate pair", e);
    }
  }

  /// A value of bytes, which are copied.
  ///
  /// @param bytes the bytes, not escaped
  /// @throws IllegalArgumentException if there are none, or one is NUL
  public static AddressValue of(byte[] bytes) {
    return checked(bytes.clone());
  }

  /// A value of the bytes that the file system has for a path, also where they are no text.
  ///
  /// If the path is not ASCII, the JDK looks whether it is a directory; nothing depends on it.
  ///
  /// @param path a path of the default file system; a relative one stays relative
  /// @throws IllegalArgumentException if the path is empty, or of another file system
  public static AddressValue of(Path path) {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException(
          path + ": not a path of the default file system, sockets live nowhere else");
    }
    String text = path.toString();
    if (isAscii(text) || File.separatorChar != '/') {
      return of(text);
    }
    return checked(rawBytes(path));
  }

  /// Reads an escaped value, as it stands in an address.
  ///
  /// @param escaped the escaped value, without its key
  /// @throws AddressException if it is empty or malformed, or has a NUL byte
  public static AddressValue parse(String escaped) {
    if (escaped.isEmpty()) {
      throw new AddressException(
          AddressError.BAD_ADDRESS, escaped, 0, "an empty value", "give a value");
    }
    return parse(escaped, 0, escaped.length());
  }

  /// Reads an escaped value that is a part of a text, and not empty.
  static AddressValue parse(String text, int from, int to) {
    return new AddressValue(Escaping.decode(text, from, to));
  }

  private static AddressValue checked(byte[] bytes) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("a value is empty, must have at least one byte");
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw new IllegalArgumentException("a value has a NUL at " + i);
      }
    }
    return new AddressValue(bytes);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  /// `Path.toString` loses bytes that are no text in the character set of the process. The URI of a
  /// Unix path has them all.
  private static byte[] rawBytes(Path path) {
    String uri = Path.of("/").resolve(path).toUri().getRawPath();
    // The URI of a directory that exists ends with a slash, which the path did not have.
    int from = path.isAbsolute() ? 0 : 1;
    int to = uri.length() > 1 && uri.endsWith("/") ? uri.length() - 1 : uri.length();
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      char c = uri.charAt(i);
      if (c == '%') {
        bytes[length++] = (byte) Integer.parseInt(uri, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  /// A copy of the bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// How many bytes there are.
  public int length() {
    return bytes.length;
  }

  /// The bytes as text, or empty if they are not valid UTF-8.
  public Optional<String> text() {
    if (isAscii(bytes)) {
      return Optional.of(new String(bytes, StandardCharsets.US_ASCII));
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /// The bytes as a path of the default file system, also where they are no text. Its `..` are left
  /// to the system, which knows the links.
  ///
  /// @throws java.nio.file.InvalidPathException if this system has no such paths; on Unix every
  ///   value is a path
  public Path toPath() {
    if (File.separatorChar != '/') {
      return Path.of(new String(bytes, StandardCharsets.UTF_8));
    }
    return isAscii(bytes) ? Path.of(new String(bytes, StandardCharsets.US_ASCII)) : rawPath();
  }

  private Path rawPath() {
    boolean isAbsolute = bytes[0] == '/';
    StringBuilder uri = new StringBuilder(isAbsolute ? "file://" : "file:///");
    Escaping.encode(withoutNeedlessSlashes(), uri);
    Path path = Path.of(URI.create(uri.toString().replace("\\", "%5c")));
    // All names, as they stand: to relativize would drop each ".." with the name before it, which
    // is another directory if that name is a link (ADDR-29).
    return isAbsolute ? path : path.subpath(0, path.getNameCount());
  }

  /// The bytes with one slash where several stand in a row, and none at the end. Unlike a text, a
  /// URI becomes a path as it stands.
  private byte[] withoutNeedlessSlashes() {
    byte[] some = new byte[bytes.length];
    int length = 0;
    for (byte b : bytes) {
      if (b != '/' || length == 0 || some[length - 1] != '/') {
        some[length++] = b;
      }
    }
    boolean endsWithSlash = length > 1 && some[length - 1] == '/';
    return Arrays.copyOf(some, endsWithSlash ? length - 1 : length);
  }

  /// The same path, absolute.
  AddressValue toAbsolutePath() {
    Path path = toPath();
    return path.isAbsolute() ? this : of(path.toAbsolutePath());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressValue value && Arrays.equals(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// The escaped form, as it stands in an address. Bytes that must be escaped are written with
  /// lower-case digits, and so is `*`, which old parsers refuse bare.
  @Override
  public String toString() {
    StringBuilder escaped = new StringBuilder(bytes.length + 8);
    Escaping.encode(bytes, escaped);
    return escaped.toString();
  }
}
