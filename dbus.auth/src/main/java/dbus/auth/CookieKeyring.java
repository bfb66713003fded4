package dbus.auth;

import dbus.auth.HomeDirectory.Answer;
import dbus.auth.keyring.CookieContext;
import dbus.auth.keyring.Keyring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Where DBUS_COOKIE_SHA1 finds its cookies: small files in a directory that only one user may
/// enter. Who can read them is that user, or root. libdbus, GDBus and others use the same files.
///
/// ```java
/// ServerMechanism.cookieSha1(CookieKeyring.at(directory).withContext("org_example_app"))
/// ```
///
/// Making a value of this type touches no file. When a peer connects, [#problem()] is asked. In
/// use, the directory must belong to the effective user of the process, be no symbolic link, and
/// have no permission for anybody else; a server makes it if it is missing. There is no option to
/// skip these checks. They need a file system that tells owners and modes; where it does not, as on
/// Windows, the mechanism is not used.
///
/// Immutable; for any thread. D-Bus Specification, "DBUS_COOKIE_SHA1".
public final class CookieKeyring {
  /// The context of libdbus and of everybody who has no other.
  public static final String DEFAULT_CONTEXT = "org_freedesktop_general";

  private static final SecureRandom RANDOM = new SecureRandom();

  /// The directory, or why there is none; asked anew each time (AUTH-65).
  private final Supplier<Answer> place;

  private final OwnUser user;
  private final Optional<String> loginName;
  private final CookieContext context;
  private final InstantSource clock;

  private CookieKeyring(
      Supplier<Answer> place,
      OwnUser user,
      Optional<String> loginName,
      CookieContext context,
      InstantSource clock) {
    this.place = place;
    this.user = user;
    this.loginName = loginName;
    this.context = context;
    this.clock = clock;
  }

  /// The usual one: `.dbus-keyrings` in the home directory, which is `HOME` of the environment, as
  /// others have it, or else the system property `user.home`. If there is no home directory that
  /// can be used, [#problem()] says why, and the mechanism is not.
  public static CookieKeyring ofThisUser() {
    return in(HomeDirectory.OF_THIS_PROCESS);
  }

  /// `.dbus-keyrings` in a home directory.
  static CookieKeyring in(HomeDirectory home) {
    return of(() ->
        switch (home.find()) {
          case Answer.Found(Path path) -> new Answer.Found(path.resolve(".dbus-keyrings"));
          case Answer.None none -> none;
        });
  }

  /// A keyring elsewhere. Whoever is to authenticate must look there, too; for GDBus the variable
  /// `G_DBUS_COOKIE_SHA1_KEYRING_DIR` says so.
  ///
  /// @param directory which need not exist, while the one above it must; an absolute path
  public static CookieKeyring at(Path directory) {
    return of(() -> new Answer.Found(directory));
  }

  private static CookieKeyring of(Supplier<Answer> place) {
    return new CookieKeyring(
        place,
        OwnUser.OF_THIS_PROCESS,
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
    return new CookieKeyring(place, user, loginName, new CookieContext(name), clock);
  }

  /// This keyring by another clock, which says how old the cookies are.
  public CookieKeyring withClock(InstantSource source) {
    return new CookieKeyring(place, user, loginName, context, source);
  }

  /// This keyring as another user would see it.
  CookieKeyring withUser(Credentials owner, Optional<String> name) {
    return withUser(new OwnUser(() -> owner), name);
  }

  CookieKeyring withUser(OwnUser owner, Optional<String> name) {
    return new CookieKeyring(place, owner, name, context, clock);
  }

  /// The directory.
  ///
  /// @throws IllegalStateException if it would be in the home directory, and there is none that can
  ///   be used; says why
  public Path directory() {
    return switch (place.get()) {
      case Answer.Found(Path path) -> path;
      case Answer.None(String reason) -> throw new IllegalStateException(reason);
    };
  }

  /// Why the mechanism cannot be used with this keyring: no home directory, or one that does not
  /// exist, that may not be entered, or that the locale cannot spell; a relative path; an unknown
  /// user; files without owners. A server does not offer the mechanism then, and a client does not
  /// try it (AUTH-64). Looked at anew each time; no file is opened.
  ///
  /// @return one line for people, or empty if nothing is known against it
  public Optional<String> problem() {
    return switch (place.get()) {
      case Answer.None(String reason) -> Optional.of(reason);
      case Answer.Found(Path path) -> problemAt(path);
    };
  }

  private Optional<String> problemAt(Path directory) {
    if (!directory.isAbsolute()) {
      return Optional.of(directory + ": is relative, must be an absolute path");
    }
    if (!Keyring.isPossibleIn(directory)) {
      return Optional.of(directory + ": the file system tells no owners of files");
    }
    if (user.get().uid().isEmpty()) {
      return Optional.of("the platform tells no user of this process");
    }
    Path above = directory.getParent();
    if (above == null || !Files.isDirectory(above)) {
      return Optional.of(directory + ": the directory above it does not exist");
    }
    return Files.isExecutable(above)
        ? Optional.empty()
        : Optional.of(directory + ": the directory above it may not be entered");
  }

  /// The context in which a server keeps its cookies.
  public String context() {
    return context.name();
  }

  /// The numeric id of the user whose keyring this is.
  OptionalLong uid() {
    return user.get().uid();
  }

  /// Whether the text names that user: by the one spelling of the uid, or by the login name
  /// (AUTH-38).
  boolean isOwnUser(String text) {
    OptionalLong claimed = UserId.parse(text);
    return claimed.isPresent()
        ? claimed.equals(uid())
        : loginName.isPresent() && text.equals(loginName.get());
  }

  CookieContext cookieContext() {
    return context;
  }

  /// @throws IllegalStateException if the user is not known
  Keyring open() {
    long uid = uid().orElseThrow(() -> new IllegalStateException("own uid is unknown"));
    return Keyring.of(directory(), uid, clock, RANDOM);
  }

  static SecureRandom random() {
    return RANDOM;
  }
}
