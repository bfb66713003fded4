/// Messages as packets of a pcapng file, which Wireshark reads: the format, and a thread that
/// writes it.
package dbus.connection.pcapng;
