package dbus.address;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/// One or more addresses, to be tried in their order: `unix:runtime=yes;unix:tmpdir=/tmp`.
///
/// A client connects to the first that works, a server listens on the first that works. The whole
/// list is well formed before any entry is tried; entries of an unknown transport are kept, so that
/// the others still have their turn.
///
/// D-Bus Specification, "Server Addresses".
///
/// @param entries the addresses, at least one
public record AddressList(List<Address> entries) implements Iterable<Address> {

  /// Copies the entries.
  ///
  /// @throws IllegalArgumentException if there are none
  public AddressList {
    entries = List.copyOf(entries);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("a list of no addresses, must be at least one");
    }
  }

  /// A list of these addresses.
  ///
  /// @param first the address to try first
  /// @param others the addresses to try after it
  public static AddressList of(Address first, Address... others) {
    Address[] all = new Address[others.length + 1];
    all[0] = first;
    System.arraycopy(others, 0, all, 1, others.length);
    return new AddressList(List.of(all));
  }

  /// Reads a list: addresses with `;` between them. One `;` at the end is read, too, since other
  /// implementations accept it, but never written.
  ///
  /// @param text the list; nothing around an address is trimmed
  /// @throws AddressException if any address is malformed; it tells the position in the whole text
  public static AddressList parse(String text) {
    return new AddressList(new AddressParser(text).list());
  }

  @Override
  public Iterator<Address> iterator() {
    return entries.iterator();
  }

  /// The canonical text of each address, with `;` between them.
  @Override
  public String toString() {
    return entries.stream().map(Address::toString).collect(Collectors.joining(";"));
  }
}
