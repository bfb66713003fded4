import org.jspecify.annotations.NullMarked;

/// Many peers: listening, accepting, policy, limits, and the life cycle of a server.
@NullMarked
module dbus.server {
  requires static transitive org.jspecify;
  requires transitive dbus.connection;
  // What a server counts, for those who ask for it by JMX.
  requires java.management;
  requires jdk.jfr;

  exports dbus.server;
}
