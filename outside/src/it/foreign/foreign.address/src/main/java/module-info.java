module foreign.address {
  requires dbus.address;
}
