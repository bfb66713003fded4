/// Many peers: a server listens, accepts, and serves the same objects to all of them.
///
/// ```java
/// Interface greeter =
///     Interface.named("com.example.Greeter1")
///         .method("Greet", in("name", STRING), out("greeting", STRING), name -> "Hello, " + name)
///         .build();
/// try (DBusServer server =
///     DBusServer.at("unix:tmpdir=/tmp").export("/com/example/Greeter", greeter).start()) {
///   System.out.println(server.clientAddress());
///   server.awaitStop();
/// }
/// ```
package dbus.server;
