/// D-Bus addresses as values: read, made by hand, checked, written.
///
/// A server reads where it is to listen, and tells its clients where it does:
///
/// ```java
/// AddressList configured = AddressList.parse("unix:runtime=yes;unix:tmpdir=/tmp");
/// for (Address address : configured) {
///   address.checkListenable();
/// }
/// UnixPath socket = UnixTmpdir.of("/tmp").drawSocket();
/// UnixPath forClients = socket.clientAddress(Guid.random());
/// ```
///
/// A client reads it, and finds what it has to do by the type:
///
/// ```java
/// String whereTo =
///     switch (Address.parse("tcp:host=localhost,port=4242")) {
///       case UnixPath unix -> "a socket at " + unix.path().toPath();
///       case Tcp tcp -> "port " + tcp.port() + " of " + tcp.hostOrDefault();
///       case Address other -> throw new IllegalArgumentException("cannot connect to " + other);
///     };
/// ```
///
/// [dbus.address.Address] is one address, [dbus.address.AddressList] several to be tried in their
/// order, [dbus.address.AddressValue] the bytes of one key. [dbus.address.BusAddresses] finds the
/// well-known buses. What is wrong with an address is told by one exception,
/// [dbus.address.AddressException]. D-Bus Specification, "Server Addresses" and "UUIDs".
///
/// All types are immutable and can be used by any thread.
package dbus.address;
