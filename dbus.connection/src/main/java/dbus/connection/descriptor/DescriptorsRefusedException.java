package dbus.connection.descriptor;

import java.io.IOException;

/// File descriptors cannot be sent: one is closed, too many of this user's are on their way, or
/// there are too many. The socket is not to blame.
public final class DescriptorsRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  DescriptorsRefusedException(String message) {
    super(message);
  }
}
