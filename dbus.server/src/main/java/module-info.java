import org.jspecify.annotations.NullMarked;

/// Many peers: listening, accepting, policy, limits, and the life cycle of a server.
@NullMarked
module dbus.server {
  requires static transitive org.jspecify;
  requires transitive dbus.connection;

  exports dbus.server;
}
