/// Which thread reads from a connection, and when none does.
///
/// | you ask | look in |
/// | --- | --- |
/// | how does another thread read on while a handler runs? | [ReadingRole][dbus.connection.reading.ReadingRole] |
/// | who notices that a handler takes long or waits? | `ReadingWatch` |
/// | which handlers run on the thread that reads? | [Pace][dbus.connection.reading.Pace] |
/// | where is back pressure, so that a peer which sends too much has to wait? | [ReadingGate][dbus.connection.reading.ReadingGate] |
/// | how long may a message take to be complete? | [CompletionWatch][dbus.connection.reading.CompletionWatch] |
///
/// The whole way of a message from thread to thread is on the page of the package
/// `dbus.connection.delivery`.
package dbus.connection.reading;
