package dbus.auth;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The home directory of the user, where the usual keyring is: the variable `HOME`, as others have
/// it, or else what the JDK knows.
///
/// There may be none that can be used (AUTH-64). That is told as a reason, and not as an exception
/// from wherever it is first wanted.
///
/// @param environment the value of a variable, or null
/// @param properties the value of a system property, or null
record HomeDirectory(
    Function<String, @Nullable String> environment, Function<String, @Nullable String> properties) {

  /// That of this process.
  static final HomeDirectory OF_THIS_PROCESS =
      new HomeDirectory(System::getenv, System::getProperty);

  /// A directory, or why there is none.
  sealed interface Answer {
    /// There is one, as an absolute path, which need not exist.
    record Found(Path path) implements Answer {}

    /// There is none.
    ///
    /// @param reason in one line
    record None(String reason) implements Answer {}
  }

  /// Looks it up.
  Answer find() {
    Optional<String> home = value(environment.apply("HOME"));
    if (home.isPresent()) {
      return path("HOME", home.get());
    }
    return value(properties.apply("user.home"))
        .map(text -> path("user.home", text))
        .orElse(new Answer.None("neither HOME nor user.home names a home directory"));
  }

  private static Optional<String> value(@Nullable String text) {
    return Optional.ofNullable(text).filter(it -> !it.isEmpty());
  }

  private static Answer path(String source, String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      // With LC_ALL=C and a name beyond ASCII, for one.
      return new Answer.None(source + " cannot be spelled in the locale of this process");
    }
    return path.isAbsolute()
        ? new Answer.Found(path)
        : new Answer.None(source + " is relative, must be an absolute path: " + path);
  }
}
