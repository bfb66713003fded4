package dbus.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bytes that a mechanism sends in one line: a challenge or a response, hex-encoded on the
/// wire.
///
/// Immutable, and so safe for any thread. [#toString()] tells the length and never the content,
/// because a payload may hold what must not be logged.
public final class Payload {
  /// No bytes at all: `DATA` without an argument.
  public static final Payload EMPTY = new Payload(new byte[0]);

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A payload of these bytes, which are copied.
  public static Payload of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
  }

  /// A payload of this text in UTF-8.
  public static Payload ofText(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads hex digits of either case; empty for an odd number of them or for any other character
  /// (AUTH-08).
  static Optional<Payload> ofHex(String digits) {
    if (digits.length() % 2 != 0 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    return Optional.of(of(HEX.parseHex(digits)));
  }

  /// The lower-case hex digits that travel.
  String hex() {
    return HEX.formatHex(bytes);
  }

  /// A copy of the bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// The number of bytes, before hex-encoding.
  public int length() {
    return bytes.length;
  }

  /// Whether there is no byte.
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /// The bytes as UTF-8 text; empty if they are not valid UTF-8. The text may hold any character,
  /// NUL and line ends among them.
  public Optional<String> text() {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }

  /// Whether the other is a payload of the same bytes. Not in constant time: compare secrets with
  /// [java.security.MessageDigest#isEqual(byte\[\], byte\[\])].
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// The length only, such as `(73 bytes)`.
  @Override
  public String toString() {
    return "(" + bytes.length + " bytes)";
  }
}
