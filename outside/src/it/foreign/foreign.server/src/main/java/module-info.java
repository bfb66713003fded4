module foreign.server {
  requires dbus.server;
}
