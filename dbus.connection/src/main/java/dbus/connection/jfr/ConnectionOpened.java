package dbus.connection.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A peer is authenticated. [ConnectionClosed] follows, even if the peer turns out to be unwanted.
@Name("dbus.ConnectionOpened")
@Label("Connection Opened")
@Description("A peer is authenticated")
@Category("D-Bus")
@StackTrace(false)
public final class ConnectionOpened extends Event {

  /// Its name, which other events repeat.
  @Label("Connection")
  public String connection = "";

  /// Such as `EXTERNAL`.
  @Label("Mechanism")
  public String mechanism = "";

  /// Who the peer has proved to be.
  @Label("Identity")
  public String identity = "";

  /// Where the peer's end of the socket is, as Java writes it, such as `/127.0.0.1:41234`; empty if
  /// that is not known, as with most unix sockets.
  @Label("Remote Address")
  public String remoteAddress = "";

  /// The guid of the server's side.
  @Label("Server GUID")
  public String serverGuid = "";

  /// Whether file descriptors may travel.
  @Label("Passes Unix File Descriptors")
  public boolean passesUnixFds;

  /// An event that is yet to be committed.
  public ConnectionOpened() {}
}
