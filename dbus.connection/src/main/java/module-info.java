import org.jspecify.annotations.NullMarked;

/// One authenticated peer: reading and writing messages, calls, and exported objects.
///
/// - [dbus.connection]: the connection, and objects described in code
/// - [dbus.connection.introspection]: what an object looks like to a peer, as data
/// - [dbus.connection.transport]: how bytes travel; all that is known of junixsocket is here. Where
///   its native library cannot be loaded, unix sockets are those of the JDK
@NullMarked
// The server is compiled after this.
@SuppressWarnings("module")
module dbus.connection {
  requires static transitive org.jspecify;
  requires transitive dbus.address;
  requires transitive dbus.wire;
  requires transitive dbus.auth;
  // Its StAX reads introspection data; XML is no place for a parser of one's own.
  requires java.xml;
  // Not optional: it is part of every JDK and needs java.base alone, so that leaving it out would
  // save an image little, and cost a guard at every event.
  requires jdk.jfr;
  requires org.newsclub.net.unix;
  // Without it the native library is not found from the module path or a jlink image.
  requires com.kohlschutter.junixsocket.nativecommon;

  exports dbus.connection;
  exports dbus.connection.introspection;
  exports dbus.connection.transport;
  exports dbus.connection.threads to
      dbus.server;
}
