package dbus.connection;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;

/// A D-Bus error: its name, and a text for people. Thrown by a handler, it is the reply to the
/// call, word for word; thrown by a call, it is what the peer replied. D-Bus Specification,
/// "Errors".
///
/// Subclasses are errors of one's own, with a name that is theirs; see [ErrorMapping].
public class DBusErrorException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient ErrorName errorName;
  private final transient Body body;
  private final String text;

  /// Which call it is the reply to, for people.
  private String answered = "";

  /// An error with this name and text.
  public DBusErrorException(ErrorName errorName, String text) {
    super(text);
    this.errorName = errorName;
    this.text = text;
    this.body = Body.EMPTY;
  }

  /// The error that a peer replied with.
  protected DBusErrorException(ErrorMessage reply) {
    super(reply.text().orElse(""));
    this.text = reply.text().orElse("");
    this.errorName = reply.errorName();
    this.body = reply.body();
  }

  /// The name that programs go by.
  public final ErrorName errorName() {
    return errorName;
  }

  /// The text alone; empty if the peer sent none.
  public final String text() {
    return text;
  }

  /// The name, the text, and, of what a peer replied with, which method of which object failed.
  @Override
  public String getMessage() {
    return errorName + (text.isEmpty() ? "" : ": " + text) + answered;
  }

  /// Tells which call was replied to.
  DBusErrorException replyTo(MethodCall call) {
    answered =
        " (%s%s at %s)"
            .formatted(
                call.interfaceName().map(name -> name + ".").orElse(""),
                call.member(),
                call.path());
    return this;
  }

  /// All that the peer sent with the error, its text included; empty if it was made here.
  public final Body body() {
    return body;
  }
}
