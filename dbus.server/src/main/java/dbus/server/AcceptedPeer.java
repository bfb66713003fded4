package dbus.server;

import dbus.address.Address;
import dbus.auth.Credentials;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/// A peer that was accepted, whatever became of it.
///
/// @param number tells it from the other peers of its server, the first of which is 1
/// @param at where it knocked: one of [DBusServer#clientAddresses()]
/// @param credentials who the operating system says it is; for information, since it has proved
///   nothing yet
/// @param remoteAddress where it came from, as in [dbus.connection.DBusConnection#remoteAddress()];
///   for information as well
public record AcceptedPeer(
    long number, Address at, Credentials credentials, Optional<SocketAddress> remoteAddress) {

  /// Such as `peer 17 (uid 1000, gid 1000, pid 4242)`, or `peer 18 (127.0.0.1:41234)` for one that
  /// has come over tcp, of which the operating system says nothing more.
  @Override
  public String toString() {
    return "peer " + number + " (" + known() + ")";
  }

  /// The path of a unix socket is left out: it is the peer's own text, and could pass for another
  /// line of a log.
  private String known() {
    if (!(remoteAddress.orElse(null) instanceof InetSocketAddress inet)) {
      return credentials.toString();
    }
    // In front of the slash there may be the name of a host.
    String text = inet.toString();
    String from = text.substring(text.indexOf('/') + 1);
    return credentials.equals(Credentials.UNKNOWN) ? from : credentials + ", " + from;
  }
}
