package dbus.connection.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A handshake has come to nothing.
@Name("dbus.AuthenticationFailed")
@Label("Authentication Failed")
@Description("A handshake ended before the peer was authenticated")
@Category("D-Bus")
@StackTrace(false)
public final class AuthenticationFailed extends Event {

  /// The name that the connection would have had.
  @Label("Connection")
  public String connection = "";

  /// The reason in words.
  @Label("Detail")
  public String detail = "";

  /// Who the peer is, as the operating system says.
  @Label("Socket Credentials")
  public String credentials = "";

  /// Where the peer's end of the socket is, as Java writes it, such as `/127.0.0.1:41234`; empty if
  /// that is not known, as with most unix sockets.
  @Label("Remote Address")
  public String remoteAddress = "";

  /// An event that is yet to be committed.
  public AuthenticationFailed() {}
}
