package dbus.wire;

/// The codes of the header fields, and their types. D-Bus Specification, "Header Fields" (MSG-11).
final class HeaderField {
  static final int PATH = 1;
  static final int INTERFACE = 2;
  static final int MEMBER = 3;
  static final int ERROR_NAME = 4;
  static final int REPLY_SERIAL = 5;
  static final int DESTINATION = 6;
  static final int SENDER = 7;
  static final int SIGNATURE = 8;
  static final int UNIX_FDS = 9;

  /// The highest code that is known.
  static final int LAST = UNIX_FDS;

  private static final String TYPES = "?osssussgu";

  private static final String[] NAMES = {
    "INVALID",
    "PATH",
    "INTERFACE",
    "MEMBER",
    "ERROR_NAME",
    "REPLY_SERIAL",
    "DESTINATION",
    "SENDER",
    "SIGNATURE",
    "UNIX_FDS"
  };

  private HeaderField() {}

  /// The type of a known field.
  static char type(int code) {
    return TYPES.charAt(code);
  }

  static String name(int code) {
    return NAMES[code];
  }
}
