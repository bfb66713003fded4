/// What an operator can watch with JDK Flight Recorder, under the category "D-Bus".
///
/// | event | by default | says |
/// |---|---|---|
/// | `dbus.ConnectionOpened` | on | a peer is authenticated |
/// | `dbus.ConnectionClosed` | on | why a connection ended |
/// | `dbus.AuthenticationFailed` | on | a peer that never was authenticated, and why |
/// | `dbus.Handler` | from 20 ms | a handler of a call or a signal that took long |
/// | `dbus.Message` | off | every message, without its arguments |
///
/// Arguments of messages are never recorded: they may be secret. What a peer can make long is cut.
/// An event that is off costs a look at a flag.
package dbus.connection.jfr;
