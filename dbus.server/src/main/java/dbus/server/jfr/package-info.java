/// What an operator can watch of a server with JDK Flight Recorder, under the category "D-Bus".
///
/// | event | by default | says |
/// |---|---|---|
/// | `dbus.PeerAccepted` | on | a peer has connected |
/// | `dbus.PeerRefused` | on | a peer was refused, and why |
///
/// What follows is told by the events of each connection.
package dbus.server.jfr;
