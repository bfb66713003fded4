/// One authenticated peer, and the objects that it can call.
///
/// An object is described in code, with a handler for each method, and exported at a path, on one
/// connection or in an [dbus.connection.ObjectTree] that many connections share:
///
/// ```java
/// Interface greeter =
///     Interface.named("com.example.Greeter1")
///         .method("Greet", in("name", STRING), out("greeting", STRING), name -> "Hello, " + name)
///         .property("Version", STRING, () -> "1.0")
///         .build();
/// connection.export(new ObjectPath("/com/example/Greeter"), greeter);
/// ```
///
/// To call a peer, connect to it, or take the connection that a server was given:
///
/// ```java
/// try (DBusConnection peer = DBusConnection.connect(address)) {
///   Body reply =
///       peer.call("/com/example/Greeter", "com.example.Greeter1", "Greet", Body.of(STRING, "you"));
///   String greeting = reply.read(STRING);
/// }
/// ```
///
/// Introspection, properties and `org.freedesktop.DBus.Peer` come with every object.
///
/// **Threads.** One thread reads from a peer. Handlers of calls run on other threads, several at a
/// time, and may block. Handlers of signals run one at a time, in the order of the signals. Whoever
/// sends a message writes it, unless another thread is writing already; then that one writes it
/// too.
package dbus.connection;
