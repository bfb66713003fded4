package dbus.connection;

import dbus.wire.ErrorName;

/// A D-Bus error: its name and a text for people. Thrown by a handler, it is the reply to the call,
/// word for word. D-Bus Specification, "Errors".
public final class DBusErrorException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient ErrorName errorName;

  /// An error with this name and text.
  public DBusErrorException(ErrorName errorName, String text) {
    super(text);
    this.errorName = errorName;
  }

  /// The name that programs go by.
  public ErrorName errorName() {
    return errorName;
  }
}
