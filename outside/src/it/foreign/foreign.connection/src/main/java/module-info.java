module foreign.connection {
  requires dbus.connection;
}
