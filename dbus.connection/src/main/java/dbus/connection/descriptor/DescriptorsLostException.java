package dbus.connection.descriptor;

import java.io.IOException;

/// File descriptors came, and this process could not take them. They are closed.
public final class DescriptorsLostException extends IOException {

  private static final long serialVersionUID = 1L;

  DescriptorsLostException() {
    super("more file descriptors came than this process can take");
  }
}
