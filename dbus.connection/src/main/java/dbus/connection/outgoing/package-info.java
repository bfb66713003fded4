/// Who writes to the peer, and in which order.
///
/// | you ask | look in |
/// | --- | --- |
/// | who may put a message in, and what if too much waits (back pressure)? | [Outbox][dbus.connection.outgoing.Outbox], [WhenFull][dbus.connection.outgoing.WhenFull] |
/// | which thread writes? | `Writer` |
/// | how long may a peer take nothing? | `Patience` |
/// | what waits, with which file descriptors? | `OutgoingQueue`, `Passengers` |
/// | which messages share a write? | [Burst][dbus.connection.outgoing.Burst] |
/// | which serial does a message get? | `Serials` |
/// | what does the sender learn? | [Ticket][dbus.connection.outgoing.Ticket] |
package dbus.connection.outgoing;
