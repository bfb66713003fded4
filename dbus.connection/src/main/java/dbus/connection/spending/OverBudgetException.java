package dbus.connection.spending;

import java.io.IOException;

/// The [budget][dbus.connection.Budget] does not allow what a connection would have to keep.
public final class OverBudgetException extends IOException {

  private static final long serialVersionUID = 1;

  public static final String BYTES =
      "the connections of this user together keep more bytes than their budget allows";

  public static final String UNIX_FDS =
      "the connections of this user together hold more file descriptors than their budget allows";

  public OverBudgetException() {
    super(BYTES);
  }
}
