package dbus.connection;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;

/// A D-Bus error: its name, and a text for people. Thrown by a handler, it is the reply to the
/// call, word for word; thrown by a call, it is what the peer replied. D-Bus Specification,
/// "Errors".
///
/// Subclasses are errors of one's own, with a name that is theirs; see [ErrorMapping].
public class DBusErrorException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient ErrorName errorName;
  private final transient Body body;

  /// An error with this name and text.
  public DBusErrorException(ErrorName errorName, String text) {
    super(text);
    this.errorName = errorName;
    this.body = Body.EMPTY;
  }

  /// The error that a peer replied with.
  protected DBusErrorException(ErrorMessage reply) {
    super(reply.text().orElse(reply.errorName().value()));
    this.errorName = reply.errorName();
    this.body = reply.body();
  }

  /// The name that programs go by.
  public final ErrorName errorName() {
    return errorName;
  }

  /// All that the peer sent with the error; empty if it was made here.
  public final Body body() {
    return body;
  }
}
