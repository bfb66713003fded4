package dbus.connection;

import java.io.IOException;

/// A filter threw an exception, so that a message goes no further.
final class FilterFailedException extends IOException {

  private static final long serialVersionUID = 1;

  /// What the peer is told.
  static final String TEXT = "a message filter failed";

  FilterFailedException(Throwable cause) {
    super(TEXT, cause);
  }
}
