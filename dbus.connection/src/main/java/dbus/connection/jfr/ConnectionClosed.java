package dbus.connection.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// A connection has ended.
@Name("dbus.ConnectionClosed")
@Label("Connection Closed")
@Description("A connection with an authenticated peer has ended")
@Category("D-Bus")
@StackTrace(false)
public final class ConnectionClosed extends Event {

  /// Its name, as in [ConnectionOpened].
  @Label("Connection")
  public String connection = "";

  /// The kind of the reason.
  @Label("Reason")
  public String reason = "";

  /// The reason in words.
  @Label("Detail")
  public String detail = "";

  /// How long it was open, in nanoseconds.
  @Label("Lifetime")
  @Timespan(Timespan.NANOSECONDS)
  public long lifetime;

  /// The rule that the peer's last message breaks; empty if it is not the reason.
  @Label("Violation")
  @Description("The rule that the last message breaks, if that is the reason")
  public String violation = "";

  /// Where in that message, in bytes from its beginning; -1 if there is none.
  @Label("Violation Offset")
  public int violationOffset = -1;

  /// An event that is yet to be committed.
  public ConnectionClosed() {}
}
