package dbus.fuzz;

import dbus.auth.CookieKeyring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// A keyring with one cookie, at a time that stands still, so that nobody has a reason to change
/// it. It is there as long as the process.
final class FuzzedKeyring {
  private static final String CONTEXT = "org_example";
  private static final String SECRET = "00112233445566778899aabbccddeeff0011223344556677";
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  static final FuzzedKeyring INSTANCE = new FuzzedKeyring();

  private final Path directory;

  private FuzzedKeyring() {
    try {
      directory =
          Files.createTempDirectory(
              "keyring",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path file = directory.resolve(CONTEXT);
      directory.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      Files.writeString(file, "1 " + NOW.getEpochSecond() + " " + SECRET + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CookieKeyring keyring() {
    return CookieKeyring.at(directory).withContext(CONTEXT).withClock(InstantSource.fixed(NOW));
  }

  /// Whether there is the one cookie, and nothing else.
  boolean isUntouched() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList().equals(List.of(CONTEXT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The line that proves to know the cookie.
  ///
  /// @param challenge what the server sent with `DATA`, in hex
  static String proof(String challenge) {
    String text = new String(HexFormat.of().parseHex(challenge), StandardCharsets.US_ASCII);
    String random = text.substring(text.lastIndexOf(' ') + 1);
    String answer = "x " + sha1(random + ":x:" + SECRET);
    return "DATA " + HexFormat.of().formatHex(answer.getBytes(StandardCharsets.US_ASCII)) + "\r\n";
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
