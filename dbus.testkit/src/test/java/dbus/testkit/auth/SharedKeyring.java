package dbus.testkit.auth;

import dbus.auth.CookieKeyring;
import dbus.auth.Credentials;
import java.io.IOException;
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

/// A keyring with one cookie, whose secret the test knows, at a time that stands still.
final class SharedKeyring implements AutoCloseable {
  static final String OWN_UID = Long.toString(Credentials.ofThisProcess().uid().orElseThrow());
  static final String CONTEXT = "org_example";
  static final int ID = 1;
  private static final String SECRET = "00112233445566778899aabbccddeeff0011223344556677";
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private final Path directory;

  SharedKeyring() throws IOException {
    this(SECRET);
  }

  private SharedKeyring(String secret) throws IOException {
    directory =
        Files.createTempDirectory(
            "keyring",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        directory.resolve(CONTEXT), ID + " " + NOW.getEpochSecond() + " " + secret + "\n");
  }

  /// One with the same id and another secret.
  static SharedKeyring another() throws IOException {
    return new SharedKeyring("ff" + SECRET.substring(2));
  }

  CookieKeyring keyring() {
    return CookieKeyring.at(directory).withContext(CONTEXT).withClock(InstantSource.fixed(NOW));
  }

  /// The right answer to the challenge in a `DATA` line.
  static String answerTo(String line) {
    byte[] challenge = HexFormat.of().parseHex(line.strip().substring("DATA ".length()));
    List<String> words = List.of(new String(challenge, StandardCharsets.US_ASCII).split(" ", -1));
    String own = "x";
    return own + " " + sha1(words.get(2) + ":" + own + ":" + SECRET);
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

  @Override
  public void close() throws IOException {
    Files.delete(directory.resolve(CONTEXT));
    Files.delete(directory);
  }
}
