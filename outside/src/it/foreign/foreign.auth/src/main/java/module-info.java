module foreign.auth {
  requires dbus.auth;
}
