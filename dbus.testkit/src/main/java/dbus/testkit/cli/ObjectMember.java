package dbus.testkit.cli;

import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;

/// A method or a signal of an object.
record ObjectMember(ObjectPath path, InterfaceName interfaceName, MemberName member) {

  /// Takes the member from behind the last dot.
  ///
  /// @param qualified such as `org.freedesktop.DBus.Peer.Ping`
  /// @throws IllegalArgumentException if a part is not valid
  static ObjectMember parse(String path, String qualified) {
    int dot = qualified.lastIndexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException(
          qualified + ": must be an interface, a dot and a member, such as com.example.Door1.Open");
    }
    return new ObjectMember(
        new ObjectPath(path),
        new InterfaceName(qualified.substring(0, dot)),
        new MemberName(qualified.substring(dot + 1)));
  }

  @Override
  public String toString() {
    return interfaceName + "." + member + " at " + path;
  }
}
