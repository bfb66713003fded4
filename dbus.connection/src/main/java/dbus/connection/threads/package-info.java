/// Which threads and timers there are, and how the application's code is run on them.
///
/// | you ask | look in |
/// | --- | --- |
/// | on which threads do handlers run that take long, and who writes to a peer that is slow? | [HandlerThreads][dbus.connection.threads.HandlerThreads] |
/// | who notices that something takes too long? | [Deadlines][dbus.connection.threads.Deadlines], [Deadline][dbus.connection.threads.Deadline], [TimeLimit][dbus.connection.threads.TimeLimit] |
/// | what becomes of an exception of the application's? | [ApplicationCode][dbus.connection.threads.ApplicationCode] |
/// | who runs what hangs on a future, where nobody may be held up by it? | [Relay][dbus.connection.threads.Relay] |
/// | what does the library do at the end of a connection, before the application is told? | [Bookkeeping][dbus.connection.threads.Bookkeeping] |
/// | how many lines may a peer make the log grow? | [LimitedLog][dbus.connection.threads.LimitedLog] |
package dbus.connection.threads;
