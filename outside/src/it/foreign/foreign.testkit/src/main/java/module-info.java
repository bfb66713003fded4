module foreign.testkit {
  requires dbus.testkit;
}
