package dbus.connection.observing;

import java.io.IOException;

/// A filter threw an exception, so that a message goes no further.
public final class FilterFailedException extends IOException {

  private static final long serialVersionUID = 1;

  /// What the peer is told.
  public static final String TEXT = "a message filter failed";

  public FilterFailedException(Throwable cause) {
    super(TEXT, cause);
  }
}
