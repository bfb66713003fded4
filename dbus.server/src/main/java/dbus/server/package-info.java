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
///
/// Without being told it lets in the user of this process alone, and deals with peers that are
/// silent, slow, greedy or hostile by its [limits][dbus.server.ServerLimits]. What happens to peers
/// is told to a [dbus.server.ServerListener], counted in [dbus.server.ServerCounters], and recorded
/// by JDK Flight Recorder, in its category "D-Bus". Peers that are refused, and those that break
/// the rules or a limit, have a line in the log of [dbus.server.DBusServer], at a bounded rate.
///
/// ## Where a server listens
///
/// | address | who can connect | what protects it |
/// |---|---|---|
/// | `unix:path=FILE` | who may write to the file | its mode: 0600, or what the policy or an option asks for; the kernel tells who the peer is (EXTERNAL) |
/// | `unix:dir=DIR`, `unix:tmpdir=DIR` | the same | the same; the file has a random name in the directory |
/// | `unix:runtime=yes` | the same | the same; the file is `bus` in `$XDG_RUNTIME_DIR` |
/// | `unix:abstract=NAME` | every process in the same network namespace, whatever its user, root directory or mounts | the kernel tells who the peer is; no file, so no mode. It takes junixsocket, and Linux |
/// | `tcp:host=HOST,port=PORT` | every process of this machine; others by [DBusServerBuilder#allowOtherMachines()] | the peer proves that it can read a file of the user (DBUS_COOKIE_SHA1). Nothing is encrypted |
/// | `nonce-tcp:host=HOST,port=PORT` | the same, if it can read the nonce file | the same, and the nonce: 16 bytes that come before anything else |
/// | `systemd:` | as the socket unit says; with `Accept=yes`, the one peer that systemd has accepted | as the socket is of unix or tcp. It takes junixsocket |
/// | a channel that was bound elsewhere, [DBusServer#at(java.nio.channels.ServerSocketChannel)] | as it was bound | as it is of unix or tcp |
/// | a transport, [DBusServer#serve(dbus.connection.transport.Transport)] | this one peer | what the caller says of its [credentials][dbus.connection.transport.Transport#credentials()] |
///
/// On top of this, the [policy][DBusServerBuilder#policy(dbus.auth.AuthPolicy)] decides who is let
/// in: by default the user of this process alone. Of several addresses in one text, separated by
/// `;`, the first that works is taken. To listen at several places at the same time:
///
/// ```java
/// DBusServer.at("systemd:;unix:runtime=yes;unix:tmpdir=/tmp")
///     .alsoAt("nonce-tcp:host=localhost")
///     .start();
/// ```
///
/// What was made in the file system is removed when the server stops, if it still is what was made;
/// and also when the JVM ends in an orderly way while the server is open, as by Ctrl-C, unless
/// [DBusServerBuilder#keepFilesAtExit()] says otherwise. A socket of systemd stays, and systemd
/// goes on listening there: who comes then starts the next server. Several sockets of systemd are
/// several places, each with a guid of its own. A socket of systemd of the internet protocol has
/// what its unit says of `NoDelay=`; all others send at once.
///
/// With `Accept=yes` systemd starts a process for each peer, and passes the connected socket. A
/// server at `systemd:` alone serves that peer, and stops when it has left; there is nothing that
/// clients could be told, so [DBusServer#clientAddress()] is `systemd:` with the guid then. A
/// connected socket from elsewhere, such as one that a peer has passed, is for
/// [DBusServer#serve(dbus.connection.transport.Transport)]; see
/// [dbus.connection.transport.ConnectedSocket].
package dbus.server;
