package dbus.connection.spending;

import java.io.IOException;

/// The [budget][dbus.connection.Budget] does not allow what a connection would have to keep.
public final class OverBudgetException extends IOException {

  private static final long serialVersionUID = 1;

  public static final String TEXT =
      "the connections of this user together keep more than their budget allows";

  public OverBudgetException() {
    super(TEXT);
  }
}
