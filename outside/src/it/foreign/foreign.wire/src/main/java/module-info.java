module foreign.wire {
  requires dbus.wire;
}
