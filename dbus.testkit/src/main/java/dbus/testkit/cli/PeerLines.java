package dbus.testkit.cli;

import dbus.address.Address;
import dbus.auth.Credentials;
import dbus.auth.FailureReason;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.server.AcceptedPeer;
import dbus.server.RefusalReason;
import dbus.server.ServerListener;
import dbus.wire.Printable;
import java.io.PrintWriter;

/// Writes a line for each thing that happens to a peer.
record PeerLines(PrintWriter err) implements ServerListener {

  /// Of a line, in characters.
  private static final int LONGEST = 4096;

  @Override
  public void accepted(AcceptedPeer peer) {
    line(peer, "accepted at " + peer.at());
  }

  @Override
  public void authenticated(AcceptedPeer peer, DBusConnection connection) {
    line(
        peer,
        "authenticated by %s as %s"
            .formatted(
                connection.mechanism(),
                connection.identity().map(Credentials::toString).orElse("nobody")));
  }

  @Override
  public void refused(AcceptedPeer peer, RefusalReason reason) {
    line(peer, "refused: " + reason);
  }

  @Override
  public void authenticationFailed(AcceptedPeer peer, FailureReason reason, String detail) {
    line(peer, "not authenticated: " + detail);
  }

  @Override
  public void closed(AcceptedPeer peer, DBusConnection connection, CloseReason reason) {
    line(peer, "closed: %s: %s".formatted(reason.kind(), reason.detail()));
  }

  @Override
  public void acceptFailed(Address at, Throwable failure) {
    print("nobody can be accepted at %s: %s".formatted(at, failure));
  }

  private void line(AcceptedPeer peer, String what) {
    print(peer + " " + what);
  }

  /// It may quote what the peer has sent.
  private void print(String line) {
    synchronized (err) {
      err.println(Printable.of(line, LONGEST));
      err.flush();
    }
  }
}
