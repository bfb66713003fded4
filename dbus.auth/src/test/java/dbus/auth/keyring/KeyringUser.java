package dbus.auth.keyring;

import dbus.auth.Credentials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/// One of several processes that use a keyring at the same time.
public final class KeyringUser {
  static final int CONTEXTS = 60;

  private KeyringUser() {}

  /// Asks for a fresh cookie of each context, in order, and prints each with its secret. Waits for
  /// a line on its input before.
  public static void main(String[] args) throws Exception {
    System.out.println("ready");
    if (System.in.read() < 0) {
      throw new IllegalStateException("nobody said go");
    }
    System.out.print(use(Path.of(args[0])));
  }

  static String use(Path directory) throws KeyringException {
    Keyring keyring =
        Keyring.of(
            directory,
            Credentials.ofThisProcess().uid().orElseThrow(),
            InstantSource.system(),
            new SecureRandom());
    StringBuilder found = new StringBuilder();
    for (int i = 0; i < CONTEXTS; i++) {
      CookieContext context = new CookieContext("c" + i);
      long id = keyring.freshId(context);
      String secret =
          new String(keyring.secret(context, id).orElseThrow(), StandardCharsets.US_ASCII);
      found.append(id).append(' ').append(secret).append('\n');
    }
    return found.toString();
  }
}
