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
/// Introspection, properties and `org.freedesktop.DBus.Peer` come with every object.
///
/// **Threads.** One thread reads from a peer. Handlers run on other threads, several at a time, and
/// may block. Whoever sends a message writes it, unless another thread is writing already; then
/// that one writes it too.
package dbus.connection;
