package foreign.address;

import dbus.address.Address;

/// Reads an address.
final class Main {

  public static void main(String[] args) {
    Address address = Address.parse("unix:path=/tmp/a%20b");
    if (!address.toString().equals("unix:path=/tmp/a%20b")) {
      throw new AssertionError(address);
    }
  }
}
