package dbus.server;

import dbus.address.Address;
import dbus.auth.Credentials;

/// A peer that was accepted, whatever became of it.
///
/// @param number tells it from the other peers of its server, the first of which is 1
/// @param at where it knocked: one of [DBusServer#clientAddresses()]
/// @param credentials who the operating system says it is; for information, since it has proved
///   nothing yet
public record AcceptedPeer(long number, Address at, Credentials credentials) {

  /// Such as `peer 17 (uid 1000, gid 1000, pid 4242)`.
  @Override
  public String toString() {
    return "peer " + number + " (" + credentials + ")";
  }
}
