package dbus.connection;

import dbus.address.Address;
import dbus.address.AddressList;
import java.util.ArrayList;
import java.util.List;

/// Why a client could not connect to any of its addresses.
final class ConnectFailures {

  private final AddressList addresses;
  private final List<String> texts = new ArrayList<>();
  private final List<Exception> reasons = new ArrayList<>();

  ConnectFailures(AddressList addresses) {
    this.addresses = addresses;
  }

  /// In the order of the list.
  void add(Address address, Exception reason) {
    texts.add(address + ": " + reason.getMessage());
    reasons.add(reason);
  }

  /// One address is named once; of several, each with its reason.
  ConnectException toException() {
    Exception last = reasons.getLast();
    String text =
        addresses.entries().size() == 1
            ? "cannot connect to " + texts.getFirst()
            : "cannot connect to any of %s addresses: %s"
                .formatted(addresses.entries().size(), String.join("; ", texts));
    ConnectException failure = new ConnectException(text, last);
    reasons.subList(0, reasons.size() - 1).forEach(failure::addSuppressed);
    return failure;
  }
}
