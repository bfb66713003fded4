/// What an object looks like to a peer, as data: nodes, interfaces, methods, signals, properties,
/// and the XML that `Introspect` returns, written and read. D-Bus Specification, "Introspection
/// Data Format".
///
/// ```java
/// Body reply =
///     peer.call("/", "org.freedesktop.DBus.Introspectable", "Introspect", Body.EMPTY);
/// NodeInfo root = NodeInfo.parse(reply.read(STRING));
/// for (String child : root.childNames()) {
///   System.out.println("/" + child);
/// }
/// ```
package dbus.connection.introspection;
