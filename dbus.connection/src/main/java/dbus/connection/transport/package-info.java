/// How bytes travel to and from a peer: one small interface, and the transports that are built in.
package dbus.connection.transport;
