package dbus.address;

/// Why an address could not be used, with the D-Bus error name that the reference implementation
/// gives in the same case.
///
/// This module itself gives [#BAD_ADDRESS] and [#NOT_SUPPORTED] only. The others are here so that
/// those who listen and connect name their failures alike; the text of each says which error of the
/// operating system it stands for.
public enum AddressError {
  /// The address is malformed, or of an unknown transport, or no address for this purpose.
  BAD_ADDRESS("BadAddress"),
  /// The address is right, but cannot work on this system.
  NOT_SUPPORTED("NotSupported"),
  /// Another socket has the address (`EADDRINUSE`).
  ADDRESS_IN_USE("AddressInUse"),
  /// Nobody listens there (`ECONNREFUSED`).
  NO_SERVER("NoServer"),
  /// There is no such socket (`ENOENT`).
  FILE_NOT_FOUND("FileNotFound"),
  /// Permission is missing (`EACCES`, `EPERM`).
  ACCESS_DENIED("AccessDenied"),
  /// The peer did not answer in time (`ETIMEDOUT`).
  TIMEOUT("Timeout"),
  /// The network cannot be reached (`ENETUNREACH`).
  NO_NETWORK("NoNetwork"),
  /// The process or the system has no descriptors left (`EMFILE`, `ENFILE`).
  LIMITS_EXCEEDED("LimitsExceeded"),
  /// Anything else.
  FAILED("Failed");

  private final String dbusName;

  AddressError(String lastElement) {
    this.dbusName = "org.freedesktop.DBus.Error." + lastElement;
  }

  /// The D-Bus error name, such as `org.freedesktop.DBus.Error.BadAddress`.
  public String dbusName() {
    return dbusName;
  }
}
