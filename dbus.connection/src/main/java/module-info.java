import org.jspecify.annotations.NullMarked;

/// One authenticated peer: reading and writing messages, calls, and exported objects.
@NullMarked
module dbus.connection {
  requires static transitive org.jspecify;
  requires transitive dbus.address;
  requires transitive dbus.wire;
  requires transitive dbus.auth;
  requires org.newsclub.net.unix;
  // Without it the native library is not found from the module path or a jlink image.
  requires com.kohlschutter.junixsocket.nativecommon;
}
