package dbus.connection.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/// A handler has run; recorded if that took long.
@Name("dbus.Handler")
@Label("Handler")
@Description("A handler of a call or a signal ran for longer than the threshold")
@Category("D-Bus")
@StackTrace(false)
@Threshold("20 ms")
public final class HandlerRun extends Event {

  /// The connection that the message came by.
  @Label("Connection")
  public String connection = "";

  /// METHOD_CALL or SIGNAL.
  @Label("Message Type")
  public String messageType = "";

  /// The object that was called, or that emitted the signal.
  @Label("Path")
  public String path = "";

  /// The interface.
  @Label("Interface")
  public String interfaceName = "";

  /// The method or signal.
  @Label("Member")
  public String member = "";

  /// An event that is yet to be committed.
  public HandlerRun() {}
}
