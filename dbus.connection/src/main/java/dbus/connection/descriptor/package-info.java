/// What the operating system does with file descriptors and sockets, beyond what Java offers:
/// junixsocket does it, or, where that is possible, the functions of Linux. Known to no other
/// module.
package dbus.connection.descriptor;
