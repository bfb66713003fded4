package dbus.connection;

import java.io.IOException;

/// No reply came in time. The connection goes on; a reply that comes later is ignored.
public final class CallTimeoutException extends IOException {

  private static final long serialVersionUID = 1;

  CallTimeoutException(String message) {
    super(message);
  }
}
