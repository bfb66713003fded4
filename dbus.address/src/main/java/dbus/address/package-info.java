/// D-Bus addresses as values. D-Bus Specification, "Server Addresses" and "UUIDs".
package dbus.address;
