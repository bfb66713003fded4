package dbus.server.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A peer has connected to a server.
@Name("dbus.PeerAccepted")
@Label("Peer Accepted")
@Description("A peer has connected; its handshake is about to begin")
@Category("D-Bus")
@StackTrace(false)
public final class PeerAccepted extends Event {

  /// Tells it from the other peers of its server.
  @Label("Peer")
  public long peer;

  /// Where it knocked.
  @Label("Address")
  public String address = "";

  /// Who the peer is, as the operating system says.
  @Label("Socket Credentials")
  public String credentials = "";

  /// Where the peer's end of the socket is, as Java writes it, such as `/127.0.0.1:41234`; empty if
  /// that is not known, as with most unix sockets.
  @Label("Remote Address")
  public String remoteAddress = "";

  /// An event that is yet to be committed.
  public PeerAccepted() {}
}
