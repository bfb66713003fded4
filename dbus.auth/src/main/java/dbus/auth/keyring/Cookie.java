package dbus.auth.keyring;

import java.time.Duration;
import java.util.Arrays;

/// One cookie: a number that may be told to everybody, and a secret that only the user can read.
///
/// The secret is kept as it stands in the file, in lower-case hex digits, because that text and not
/// the bytes it stands for goes into the digest. [#clear()] overwrites it.
final class Cookie {
  /// A cookie is used for new handshakes up to this age (specification; libdbus, GDBus).
  static final long FRESH_SECONDS = Duration.ofMinutes(5).toSeconds();

  /// It is deleted after this age. A handshake that was begun in time has two minutes to end.
  static final long KEPT_SECONDS = Duration.ofMinutes(7).toSeconds();

  /// The clock that wrote it may be ahead by so much. A cookie of a later time would never end.
  static final long AHEAD_SECONDS = Duration.ofMinutes(5).toSeconds();

  private final long id;
  private final long created;
  private final byte[] secret;

  /// @param created in seconds since 1970
  /// @param secret lower-case hex digits, which become this cookie's own
  Cookie(long id, long created, byte[] secret) {
    this.id = id;
    this.created = created;
    this.secret = secret;
  }

  long id() {
    return id;
  }

  long created() {
    return created;
  }

  /// A copy, which whoever asked has to overwrite.
  byte[] secret() {
    return secret.clone();
  }

  int secretLength() {
    return secret.length;
  }

  void copySecret(byte[] to, int at) {
    System.arraycopy(secret, 0, to, at, secret.length);
  }

  /// Whether whoever reads the file can read this cookie.
  boolean isForEverybody() {
    return id <= CookieId.MOST_FOR_EVERYBODY;
  }

  boolean isFresh(long now) {
    return isWithin(now, FRESH_SECONDS);
  }

  boolean isKept(long now) {
    return isWithin(now, KEPT_SECONDS);
  }

  private boolean isWithin(long now, long oldest) {
    return now - created <= oldest && created - now <= AHEAD_SECONDS;
  }

  void clear() {
    Arrays.fill(secret, (byte) 0);
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "cookie " + id + " of " + created;
  }
}
