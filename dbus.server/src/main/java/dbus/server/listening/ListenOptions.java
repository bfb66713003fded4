package dbus.server.listening;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.Environment;
import dbus.connection.transport.UnixSockets;

/// What an address does not say about how to listen on it.
///
/// @param unixSockets which ones to use
/// @param access to the file of a unix socket
/// @param otherMachines whether tcp may be reached from another machine than this
/// @param keepFilesAtExit whether files stay if the JVM ends before the server is stopped
/// @param environment where variables are read
public record ListenOptions(
    UnixSockets unixSockets,
    SocketFileAccess access,
    boolean otherMachines,
    boolean keepFilesAtExit,
    Environment environment) {

  /// Refuses what other machines can reach, unless that is allowed (ADDR-34).
  ///
  /// @param what can be reached
  void requireOtherMachines(String what, Address address) {
    if (!otherMachines) {
      throw new AddressException(
          AddressError.ACCESS_DENIED,
          address.toString(),
          0,
          what + " can be reached from other machines, and tcp is open to everybody on the way",
          "listen on a loopback address, or allow other machines");
    }
  }
}
