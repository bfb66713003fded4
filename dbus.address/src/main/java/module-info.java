import org.jspecify.annotations.NullMarked;

/// What a D-Bus address is: parsing, building, escaping, lists, and the well-known buses.
///
/// ```java
/// Address address = Address.parse("unix:path=/tmp/a%20b");
/// address.equals(UnixPath.of("/tmp/a b")); // true
/// ```
///
/// Nothing here opens a socket. An address is a value; whoever listens or connects takes it from
/// here. The file system is touched in two places only, and only by explicit calls:
/// [dbus.address.MachineId] reads the machine id, and the environment of the process
/// ([dbus.address.Environment#ofProcess]) looks who owns the socket of the session bus.
///
/// The module needs nothing but `java.base`. D-Bus Specification, "Server Addresses".
@NullMarked
module dbus.address {
  requires static transitive org.jspecify;

  exports dbus.address;
}
