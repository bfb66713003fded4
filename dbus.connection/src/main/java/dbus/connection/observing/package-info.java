/// Who looks on: the application's filters, those who listen in on the bytes, and JDK Flight
/// Recorder.
///
/// | you ask | look in |
/// | --- | --- |
/// | who looks on at one connection? | [Onlookers][dbus.connection.observing.Onlookers] |
/// | what becomes of a message that a filter drops, changes or fails at? | [Filters][dbus.connection.observing.Filters] |
/// | who gets to see the bytes of each message? | [Wiretaps][dbus.connection.observing.Wiretaps], `IncomingFrames` |
/// | what is recorded? | [Events][dbus.connection.observing.Events] |
package dbus.connection.observing;
