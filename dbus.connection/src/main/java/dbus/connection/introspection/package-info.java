/// What an object looks like to a peer, as data: nodes, interfaces, methods, signals, properties,
/// and the XML that `Introspect` returns. D-Bus Specification, "Introspection Data Format".
package dbus.connection.introspection;
