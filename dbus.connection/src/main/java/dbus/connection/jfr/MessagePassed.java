package dbus.connection.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Unsigned;

/// A message was received, or will be written: nearest to the wire, before the filters of what
/// comes and after those of what leaves.
@Name("dbus.Message")
@Label("Message")
@Description("A message was received, or was queued to be written")
@Category("D-Bus")
@StackTrace(false)
@Enabled(false)
public final class MessagePassed extends Event {

  /// The connection.
  @Label("Connection")
  public String connection = "";

  /// INCOMING or OUTGOING.
  @Label("Direction")
  public String direction = "";

  /// Such as METHOD_CALL.
  @Label("Type")
  public String type = "";

  /// As on the wire.
  @Label("Serial")
  @Unsigned
  public int serial;

  /// Of the call that is answered; 0 in a call or a signal.
  @Label("Reply Serial")
  @Unsigned
  public int replySerial;

  /// The object, in a call or a signal.
  @Label("Path")
  public String path = "";

  /// The interface, in a call or a signal.
  @Label("Interface")
  public String interfaceName = "";

  /// The member, in a call or a signal.
  @Label("Member")
  public String member = "";

  /// The name of the error, in an error.
  @Label("Error Name")
  public String errorName = "";

  /// The types of the arguments.
  @Label("Signature")
  public String signature = "";

  /// How many bytes the arguments have.
  @Label("Body Length")
  @DataAmount(DataAmount.BYTES)
  public long bodyLength;

  /// An event that is yet to be committed.
  public MessagePassed() {}
}
