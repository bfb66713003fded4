/// The places where a server listens: how an address becomes bound sockets, what is made in the
/// file system for them, and what is removed again. Known to no other module.
package dbus.server.listening;
