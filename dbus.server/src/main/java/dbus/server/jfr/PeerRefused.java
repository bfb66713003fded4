package dbus.server.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A server did not want a peer.
@Name("dbus.PeerRefused")
@Label("Peer Refused")
@Description("A peer that did nothing wrong was refused")
@Category("D-Bus")
@StackTrace(false)
public final class PeerRefused extends Event {

  /// As in [PeerAccepted].
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

  /// Why it was refused.
  @Label("Reason")
  public String reason = "";

  /// An event that is yet to be committed.
  public PeerRefused() {}
}
