import org.jspecify.annotations.NullMarked;

/// Who the peer is: the SASL profile of D-Bus as state machines that are fed bytes and give bytes.
///
/// D-Bus Specification, "Authentication Protocol".
@NullMarked
module dbus.auth {
  requires static transitive org.jspecify;
  requires transitive dbus.address;
}
