package dbus.connection;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// There is no connection: nobody could be reached, or the peer that was reached would not have
/// this side, or did not prove who it is. The text says why for each address that was tried; the
/// last reason is the cause, those before it are suppressed exceptions, in the order of the list.
public final class ConnectException extends IOException {

  private static final long serialVersionUID = 1;

  ConnectException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
