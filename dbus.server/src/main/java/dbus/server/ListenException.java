package dbus.server;

import java.io.IOException;

/// None of the addresses could be listened on. The text names the last reason; the reasons of those
/// before it are suppressed exceptions, in the order of the list.
public final class ListenException extends IOException {

  private static final long serialVersionUID = 1;

  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
