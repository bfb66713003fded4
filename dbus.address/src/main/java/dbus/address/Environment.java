package dbus.address;

import java.nio.file.Path;
import java.util.Optional;

/// What the well-known addresses depend on. Give one of your own to find what another process
/// would.
///
/// Do not trust the variables in a process with raised privileges: whoever started it chose them. A
/// Java program cannot easily know that it is such a process, so this library reads them only when
/// it is asked to, and keeps nothing.
public interface Environment {

  /// The environment of this process, read anew at each call.
  static Environment ofProcess() {
    return new ProcessEnvironment();
  }

  /// The value of a variable.
  ///
  /// @param name the name of the variable
  /// @return empty if it is not set; an empty value counts as not set
  Optional<String> variable(String name);

  /// Tells whether a socket, not a link to one, stands at a path and belongs to the user of this
  /// process. A socket of another user may be a trap.
  ///
  /// @param path an absolute path
  boolean isOwnSocket(Path path);
}
