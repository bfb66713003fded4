import org.jspecify.annotations.NullMarked;

/// Proof: generators of D-Bus values, the interop service, and the command `dbus`.
@NullMarked
module dbus.testkit {
  requires static transitive org.jspecify;
  requires transitive dbus.server;
  requires info.picocli;
  requires static transitive net.jqwik.api;

  exports dbus.testkit.address;
  exports dbus.testkit.auth;
  exports dbus.testkit.interop;
  exports dbus.testkit.introspection;
  exports dbus.testkit.wire;

  // It fills in the options of the command.
  opens dbus.testkit.cli to
      info.picocli;
}
