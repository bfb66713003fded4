package dbus.connection.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The operating system does not let these file descriptors travel, since too many are on the way
/// already, for instance. Nothing of their message has been written; other messages can be.
public final class UnixFdsRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  /// Made by a transport.
  public UnixFdsRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
