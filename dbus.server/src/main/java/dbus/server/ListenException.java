package dbus.server;

import dbus.address.AddressList;
import java.io.IOException;
import java.util.List;

/// None of the addresses could be listened on. The text names the last reason; the reasons of those
/// before it are suppressed exceptions, in the order of the list.
public final class ListenException extends IOException {

  private static final long serialVersionUID = 1;

  private ListenException(String message, Throwable cause) {
    super(message, cause);
  }

  /// @param reasons one for each of the addresses, in their order
  static ListenException of(AddressList addresses, List<Exception> reasons) {
    Exception last = reasons.getLast();
    ListenException failure =
        new ListenException(
            "cannot listen on %s: %s".formatted(addresses, last.getMessage()), last);
    reasons.subList(0, reasons.size() - 1).forEach(failure::addSuppressed);
    return failure;
  }
}
