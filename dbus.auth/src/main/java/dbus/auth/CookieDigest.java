package dbus.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What both sides of DBUS_COOKIE_SHA1 compute: the lower-case hex digits of SHA-1 over `server's
/// challenge:client's challenge:cookie` (AUTH-36).
///
/// That SHA-1 has collisions is no matter here: who wants in must know the cookie, and neither side
/// chooses all of the text.
final class CookieDigest {
  /// 128 bits, as everybody has.
  private static final int CHALLENGE_BYTES = 16;

  private CookieDigest() {}

  /// @param secret the cookie's hex digits, left as they are
  static byte[] of(String serverChallenge, String clientChallenge, byte[] secret) {
    MessageDigest sha1 = sha1();
    sha1.update((serverChallenge + ":" + clientChallenge + ":").getBytes(StandardCharsets.UTF_8));
    sha1.update(secret);
    return HexFormat.of().formatHex(sha1.digest()).getBytes(StandardCharsets.US_ASCII);
  }

  /// 32 hex digits that nobody can foresee.
  static String newChallenge(SecureRandom random) {
    byte[] bytes = new byte[CHALLENGE_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }
}
