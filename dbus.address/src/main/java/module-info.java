import org.jspecify.annotations.NullMarked;

/// What a D-Bus address is: parsing, building, escaping, lists, and the well-known buses.
///
/// Nothing here opens a socket. An address is a value; whoever listens or connects takes it from
/// here. D-Bus Specification, "Server Addresses".
@NullMarked
module dbus.address {
  requires static transitive org.jspecify;

  exports dbus.address;
}
