package dbus.address;

/// The keys of `unix`, of which exactly one is given.
final class UnixKeys {
  static final String ALL = "path, abstract, dir, tmpdir, runtime";

  private UnixKeys() {}

  static boolean isKey(String key) {
    return switch (key) {
      case "path", "abstract", "dir", "tmpdir", "runtime" -> true;
      default -> false;
    };
  }
}
