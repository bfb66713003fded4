/// What the operating system does with a file descriptor, beyond what Java offers; junixsocket does
/// it. Known to no other module.
package dbus.connection.descriptor;
