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
///   String greeting =
///       peer.call(
///           "/com/example/Greeter", "com.example.Greeter1", "Greet", Body.of(STRING, "you"), STRING);
/// }
/// ```
///
/// Introspection, properties and `org.freedesktop.DBus.Peer` come with every object. Objects that
/// are made when they are called are a [dbus.connection.Subtree]; what an application changes, it
/// tells by [dbus.connection.Export#changed]; errors of one's own are told and thrown by an
/// [dbus.connection.ErrorMapping]; a peer's properties are [dbus.connection.RemoteProperties].
///
/// **Threads.** One thread reads from a peer. Handlers of calls run on other threads, several at a
/// time, and may block. Handlers of signals run one at a time, in the order of the signals. Whoever
/// sends a message writes it, unless another thread is writing already; then that one writes it
/// too.
package dbus.connection;
