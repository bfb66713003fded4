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
/// A filter sees every message in both directions, and may change or drop it:
///
/// ```java
/// Registration filter =
///     connection.addFilter((message, direction) -> {
///       System.out.println(direction + " " + message);
///       return Optional.of(message);
///     });
/// ```
///
/// A [Capture] writes what goes over the wire to a file for Wireshark. JDK Flight Recorder records
/// connections that open and close, handshakes that fail, handlers that take long, and, where it is
/// told to, every message without its arguments: the events `dbus.ConnectionOpened`,
/// `dbus.ConnectionClosed`, `dbus.AuthenticationFailed`, `dbus.Handler` and `dbus.Message`.
///
/// **Threads.**
///
/// - One thread reads from a peer, and runs the handlers of what it reads: a hop to another thread
///   would cost as much as the whole call.
/// - Handlers may block all the same, call the peer, and wait. A handler that waits or takes long
///   is noticed within a few milliseconds: another thread then reads on, and handlers of further
///   calls run beside the first one. The same method starts on a thread of a pool from then on,
///   until it has been quick there many times. So handlers must be prepared to run several at a
///   time, on any thread.
/// - Handlers of signals run one at a time, in the order of the signals. What hangs on the future
///   of a call runs like a handler.
/// - Where an executor is given, every handler runs there, and nowhere else. One thread alone in it
///   means: one call after the other, in the order in which they came.
/// - Whoever sends a message writes it, unless another thread is writing already; then that one
///   writes it too. The replies to what one read has brought leave in one write. A message is never
///   interleaved with another.
package dbus.connection;
