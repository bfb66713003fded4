import org.jspecify.annotations.NullMarked;

/// What a D-Bus message is: types, signatures, names, values, marshalling, and validation.
///
/// Bytes go in and messages come out, and the other way round; there is no I/O and no thread here,
/// and no dependency. The package [dbus.wire] begins with a table of what is what, and an example.
/// D-Bus Specification, "Type System", "Marshaling (Wire Format)" and "Message Protocol".
@NullMarked
module dbus.wire {
  requires static transitive org.jspecify;

  exports dbus.wire;
}
