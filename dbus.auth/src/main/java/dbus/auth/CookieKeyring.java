package dbus.auth;

import dbus.auth.keyring.CookieContext;
import dbus.auth.keyring.Keyring;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

/// Where DBUS_COOKIE_SHA1 finds its cookies: small files in a directory that only one user may
/// enter. Who can read them is that user, or root. libdbus, GDBus and others use the same files.
///
/// ```java
/// ServerMechanism.cookieSha1(CookieKeyring.at(directory).withContext("org_example_app"))
/// ```
///
/// Making a value of this type touches no file. In use, the directory must belong to the effective
/// user of the process, be no symbolic link, and have no permission for anybody else; a server
/// makes it if it is missing. There is no option to skip these checks. They need a file system that
/// tells owners and modes; where it does not, as on Windows, the mechanism is not used.
///
/// Immutable; for any thread. D-Bus Specification, "DBUS_COOKIE_SHA1".
public final class CookieKeyring {
  /// The context of libdbus and of everybody who has no other.
  public static final String DEFAULT_CONTEXT = "org_freedesktop_general";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path directory;
  private final Credentials user;
  private final Optional<String> loginName;
  private final CookieContext context;
  private final InstantSource clock;

  private CookieKeyring(
      Path directory,
      Credentials user,
      Optional<String> loginName,
      CookieContext context,
      InstantSource clock) {
    this.directory = directory;
    this.user = user;
    this.loginName = loginName;
    this.context = context;
    this.clock = clock;
  }

  /// The usual one: `.dbus-keyrings` in the home directory, which is `HOME` of the environment, as
  /// others have it, or else the system property `user.home`.
  public static CookieKeyring ofThisUser() {
    return OfThisUser.KEYRING;
  }

  /// A keyring elsewhere. Whoever is to authenticate must look there, too; for GDBus the variable
  /// `G_DBUS_COOKIE_SHA1_KEYRING_DIR` says so.
  ///
  /// @param directory which need not exist, while the one above it must
  public static CookieKeyring at(Path directory) {
    return new CookieKeyring(
        directory,
        Credentials.ofThisProcess(),
        Optional.ofNullable(System.getProperty("user.name")),
        new CookieContext(DEFAULT_CONTEXT),
        InstantSource.system());
  }

  /// This keyring, where a server keeps its cookies under another name than [#DEFAULT_CONTEXT]. A
  /// client learns the name from the server.
  ///
  /// @param name ASCII without `/`, `\`, `.` and blanks, 1 to 250 characters
  /// @throws IllegalArgumentException if it cannot be a context
  public CookieKeyring withContext(String name) {
    return new CookieKeyring(directory, user, loginName, new CookieContext(name), clock);
  }

  /// This keyring by another clock, which says how old the cookies are.
  public CookieKeyring withClock(InstantSource source) {
    return new CookieKeyring(directory, user, loginName, context, source);
  }

  /// This keyring as another user would see it.
  CookieKeyring withUser(Credentials owner, Optional<String> name) {
    return new CookieKeyring(directory, owner, name, context, clock);
  }

  /// The directory.
  public Path directory() {
    return directory;
  }

  /// The context in which a server keeps its cookies.
  public String context() {
    return context.name();
  }

  /// Whether anything in the directory could be trusted. The disk is not touched.
  boolean isPossible() {
    return user.uid().isPresent() && directory.isAbsolute() && Keyring.isPossibleIn(directory);
  }

  /// The numeric id of the user whose keyring this is.
  OptionalLong uid() {
    return user.uid();
  }

  /// Whether the text names that user: by the one spelling of the uid, or by the login name
  /// (AUTH-38).
  boolean isOwnUser(String text) {
    OptionalLong claimed = UserId.parse(text);
    return claimed.isPresent()
        ? claimed.equals(user.uid())
        : loginName.isPresent() && text.equals(loginName.get());
  }

  CookieContext cookieContext() {
    return context;
  }

  /// @throws IllegalStateException if the user is not known
  Keyring open() {
    long uid = user.uid().orElseThrow(() -> new IllegalStateException("own uid is unknown"));
    return Keyring.of(directory, uid, clock, RANDOM);
  }

  static SecureRandom random() {
    return RANDOM;
  }

  /// Apart, so that the environment is read only when it is needed.
  private static final class OfThisUser {
    private static final CookieKeyring KEYRING = at(home().resolve(".dbus-keyrings"));

    private static Path home() {
      return Optional.ofNullable(System.getenv("HOME"))
          .map(Path::of)
          .filter(Path::isAbsolute)
          .orElseGet(() -> Path.of(System.getProperty("user.home", "")));
    }
  }
}
