package dbus.connection;

import java.io.IOException;

/// No server could be connected to, or the one that answered would not have this client. The text
/// names the last reason; those of the addresses before it are suppressed exceptions, in the order
/// of the list.
public final class ConnectException extends IOException {

  private static final long serialVersionUID = 1;

  ConnectException(String message, Throwable cause) {
    super(message, cause);
  }
}
