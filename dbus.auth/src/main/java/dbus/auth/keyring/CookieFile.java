package dbus.auth.keyring;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// What the file of one context holds: lines of `id time secret`, each ended by a line feed
/// (AUTH-41). A line that is none is passed over and not written again.
///
/// [#close()] overwrites the secrets; a file is always read within a `try`.
final class CookieFile implements AutoCloseable {
  /// The largest number of cookies in a file, as in libdbus (AUTH-45).
  static final int MOST_COOKIES = 256;

  /// Enough until the year 5138; no sum of such a number overflows.
  private static final int MOST_TIME_DIGITS = 11;

  private final List<Cookie> cookies = new ArrayList<>();
  private boolean changed;

  /// Reads the bytes of a file, which remain the caller's to overwrite. Of two lines with one id
  /// the first counts, as it does for other readers.
  static CookieFile parse(byte[] bytes) {
    CookieFile file = new CookieFile();
    int start = 0;
    while (start < bytes.length) {
      int end = indexOf('\n', bytes, start, bytes.length);
      Optional<Cookie> cookie = parseLine(bytes, start, end);
      if (cookie.isPresent() && file.find(cookie.get().id()).isEmpty()) {
        file.cookies.add(cookie.get());
      } else {
        cookie.ifPresent(Cookie::clear);
        file.changed = true;
      }
      start = end + 1;
    }
    return file;
  }

  private static Optional<Cookie> parseLine(byte[] bytes, int start, int end) {
    int first = indexOf(' ', bytes, start, end);
    int second = indexOf(' ', bytes, Math.min(first + 1, end), end);
    if (second == end) {
      return Optional.empty();
    }
    OptionalLong id = CookieId.parse(text(bytes, start, first));
    OptionalLong created = seconds(text(bytes, first + 1, second));
    if (id.isEmpty() || created.isEmpty() || !isLowerCaseHex(bytes, second + 1, end)) {
      return Optional.empty();
    }
    byte[] secret = Arrays.copyOfRange(bytes, second + 1, end);
    return Optional.of(new Cookie(id.getAsLong(), created.getAsLong(), secret));
  }

  /// The cookie of this id, if there is one.
  Optional<Cookie> find(long id) {
    return cookies.stream().filter(cookie -> cookie.id() == id).findFirst();
  }

  /// Of the fresh cookies that every client can read, the one with the longest time before it.
  Optional<Cookie> freshest(long now) {
    return cookies.stream()
        .filter(cookie -> cookie.isForEverybody() && cookie.isFresh(now))
        .max(Comparator.comparingLong(Cookie::created));
  }

  /// Removes what is too old, or too far in the future (AUTH-43).
  void prune(long now) {
    removeIf(cookie -> !cookie.isKept(now));
  }

  /// Adds a cookie, in place of the oldest if the file is full (AUTH-45).
  void add(Cookie cookie) {
    while (cookies.size() >= MOST_COOKIES) {
      Cookie oldest = cookies.stream().min(Comparator.comparingLong(Cookie::created)).orElseThrow();
      removeIf(it -> it == oldest);
    }
    cookies.add(cookie);
    changed = true;
  }

  private void removeIf(Predicate<Cookie> condition) {
    for (Cookie cookie : List.copyOf(cookies)) {
      if (condition.test(cookie)) {
        cookies.remove(cookie);
        cookie.clear();
        changed = true;
      }
    }
  }

  /// Whether the bytes that were read are not what [#bytes()] would give.
  boolean isChanged() {
    return changed;
  }

  /// The bytes to write, which the caller overwrites afterwards.
  byte[] bytes() {
    List<byte[]> heads = new ArrayList<>();
    int length = 0;
    for (Cookie cookie : cookies) {
      byte[] head =
          (cookie.id() + " " + cookie.created() + " ").getBytes(StandardCharsets.US_ASCII);
      heads.add(head);
      length += head.length + cookie.secretLength() + 1;
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (int i = 0; i < heads.size(); i++) {
      byte[] head = heads.get(i);
      System.arraycopy(head, 0, bytes, at, head.length);
      at += head.length;
      cookies.get(i).copySecret(bytes, at);
      at += cookies.get(i).secretLength();
      bytes[at++] = '\n';
    }
    return bytes;
  }

  @Override
  public void close() {
    cookies.forEach(Cookie::clear);
  }

  private static OptionalLong seconds(String text) {
    boolean plain =
        !text.isEmpty()
            && text.length() <= MOST_TIME_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return plain ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  /// A secret in capitals is no secret: some peers would put it into the digest as it stands, some
  /// in lower case, and nobody writes one.
  private static boolean isLowerCaseHex(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (!(b >= '0' && b <= '9') && !(b >= 'a' && b <= 'f')) {
        return false;
      }
    }
    return end > start && (end - start) % 2 == 0;
  }

  private static String text(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private static int indexOf(char wanted, byte[] bytes, int start, int end) {
    int at = start;
    while (at < end && bytes[at] != wanted) {
      at++;
    }
    return at;
  }
}
