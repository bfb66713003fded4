package dbus.address;

import java.util.Optional;

/// The directory that a login session keeps its sockets in.
final class RuntimeDirectory {
  private static final String VARIABLE = "XDG_RUNTIME_DIR";

  private RuntimeDirectory() {}

  /// The path of the socket of the session bus. It is empty if the variable is not set, or to a
  /// relative path, which its specification says to ignore.
  static Optional<AddressValue> busSocket(Environment environment) {
    return environment
        .variable(VARIABLE)
        .filter(directory -> directory.startsWith("/"))
        .map(
            directory -> AddressValue.of(directory + (directory.endsWith("/") ? "" : "/") + "bus"));
  }
}
