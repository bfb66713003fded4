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
/// [dbus.connection.ErrorMapping]; who may call what is decided by an [dbus.connection.Authorizer];
/// a peer's properties are [dbus.connection.RemoteProperties].
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
/// What a peer sends at once is missed by nobody who is there in time: [ClientSide#onAuthenticated]
/// and [ServerSide#onAuthenticated] show the connection before its first message is read, for
/// filters, objects and subscriptions to be put in place.
///
/// A [Capture] writes what goes over the wire to a file for Wireshark. JDK Flight Recorder records
/// connections that open and close, handshakes that fail, handlers that take long, and, where it is
/// told to, every message without its arguments: the events `dbus.ConnectionOpened`,
/// `dbus.ConnectionClosed`, `dbus.AuthenticationFailed`, `dbus.Handler` and `dbus.Message`.
///
/// **Order.** The calls and signals of one peer begin one after the other, in the order in which
/// they came; only `Peer` overtakes. What the next one does meanwhile:
///
/// | The handler | the next call or signal |
/// | --- | --- |
/// | runs, however long | waits |
/// | has returned, answered or not: a future, an [Invocation] that is kept | begins |
/// | waits for a reply of this peer: `call`, a property of the peer, `get` or `join` of what `callAsync` returned, or of a future derived from it | begins: so a call back gets through |
/// | waits for room to send, for `flush`, for another peer, or for anything of the application's own | waits |
/// | is declared [concurrent][InterfaceBuilder#concurrent()], for a method, an interface, a connection or a server | begins, when this one has begun |
///
/// A ring of calls over several connections, each handler waiting for the next peer, ends with the
/// time limit of one of them. Calls are looked up at their turn, so what the one before has
/// exported is there; and a property that was set has its new value. The calls of different peers
/// never wait for each other.
///
/// **Threads.**
///
/// - One thread reads from a peer, and runs the handlers of what it reads: a hop to another thread
///   would cost as much as the whole call. It need not be the same one for long: such threads are
///   used for one peer after the other, and on Linux a unix socket on which nothing comes for a
///   tenth of a second waits without a thread. So nothing that belongs to a peer may be kept in a
///   [ThreadLocal].
/// - Handlers may block all the same, call the peer, and wait. A handler that waits or takes long
///   is noticed within a few milliseconds: another thread then reads on, for replies, for `Peer`,
///   and for the end. The same method starts on a thread of a pool from then on, until it has been
///   quick there many times.
/// - What else is the user's code is treated likewise: getters and setters, the pace of which is
///   that of their interface, and a [dbus.connection.Subtree], which is asked what is called.
/// - What hangs on the future of a call begins on the thread that reads, in the order of the
///   replies, and may take long. When the connection ends, calls fail on threads of the library's,
///   where what hangs on one holds up no other.
/// - Where an executor is given, every handler runs there, and nowhere else, each as a task of its
///   own. In one with a single thread, a handler that waits for its caller cannot be called back.
/// - Whoever sends a message writes it, as far as the peer takes it at once; where the peer is
///   slow, another thread goes on. So virtual threads may send, and an interrupt ends the wait of
///   the thread that is interrupted, and nothing else. The replies to what one read has brought
///   leave in one write, and so does what a handler on a thread of its own sends in quick
///   succession, after a millisecond at most. A message is never interleaved with another.
/// - Whatever the application's code throws is logged, at a bounded rate, and hurts its own call
///   alone.
///
/// **File descriptors.** A file, a pipe or a socket travels as a [dbus.connection.UnixFd], an
/// argument or result like any other; [dbus.connection.DBusConnection#passesUnixFds()] says whether
/// the connection passes them, as it does over unix sockets unless one side has switched it off.
///
/// ```java
/// Interface files =
///     Interface.named("com.example.Files1")
///         .method("Open", in("name", STRING), out("file", UNIX_FD), name -> open(name))
///         .method("Count", in("file", UNIX_FD), out("bytes", INT64), file -> count(file))
///         .build();
///
/// Body reply = peer.call("/com/example/Files", "com.example.Files1", "Open", Body.of(STRING, "a"));
/// try (InputStream file = reply.read(UNIX_FD).inputStream()) {
///   String text = new String(file.readAllBytes(), UTF_8);
/// }
/// ```
///
/// Each descriptor has one owner, who closes it. What happens to one that nobody reads:
///
/// | The descriptor came with | it is closed |
/// | --- | --- |
/// | a call | when the handler has returned and the call is answered, unless the handler took it |
/// | a call that is refused, or that waits for a thread when the connection ends | at once |
/// | a signal | when all its handlers have returned; at once if there are none |
/// | a reply | by the caller; at once if nobody waits for the reply |
/// | an error, or a message of an unknown type | at once |
/// | a message that is not valid, not complete, or has another number of them | when the connection ends, which is now |
///
/// One that is sent belongs to the connection from then on, and is closed when it has left, or when
/// it cannot; so is the result of a handler. To keep it, send a
/// [duplicate][dbus.connection.UnixFd#duplicate()]. A descriptor whose owner forgets it is closed
/// by the garbage collector, and the log says so.
///
/// At most 16 come with one message unless another limit is set
/// ([dbus.connection.ServerSide#maxUnixFds(int)]), and while handlers hold 64 of one peer, no more
/// is read from it. A peer that sends more than the limit is disconnected.
///
/// **Sockets.** A connected socket that exists already can carry a connection, on either side: one
/// of a pair, one that a peer has passed, one that this process was started with; see
/// [dbus.connection.UnixFd#transport()] and [dbus.connection.transport.ConnectedSocket]. So a peer
/// can be given a way of its own to another object tree, or to another process:
///
/// ```java
/// Interface rooms =
///     Interface.named("com.example.Rooms1")
///         .method("Enter", in("way", UNIX_FD), way -> enter(way))
///         .build();
///
/// void enter(UnixFd way) throws IOException {
///   DBusConnection.serverSide(way.transport(), Guid.random()).objects(objects).start();
/// }
///
/// UnixFd.SocketPair way = UnixFd.socketPair();
/// peer.call("/com/example/Rooms", "com.example.Rooms1", "Enter", Body.of(UNIX_FD, way.one()));
/// try (DBusConnection inside = DBusConnection.clientSide(way.other().transport()).connect()) {
///   …
/// }
/// ```
///
/// On Linux the JVM is best started with
/// `--enable-native-access=org.newsclub.net.unix,dbus.connection`. Where the second module may not
/// use native functions, junixsocket does all that it can: it is slower, every connection keeps a
/// thread, and at most 60 descriptors come with a message. A peer that sends more at once is then
/// disconnected too, and those that came are found and closed. On other systems up to 60 of them
/// stay open in this process, since junixsocket tells nobody which they are.
package dbus.connection;
