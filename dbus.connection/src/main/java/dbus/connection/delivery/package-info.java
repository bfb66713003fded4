/// Which handler begins next, and on which thread: the way of a message from thread to thread.
///
/// | you ask | look in |
/// | --- | --- |
/// | whose turn is it; how many calls are in progress? | [Turns][dbus.connection.delivery.Turns] |
/// | which thread runs a handler? | [Deliveries][dbus.connection.delivery.Deliveries] |
/// | how does an executor of the application's get its tasks? | `Submission` |
/// | what is on its way? | [Delivery][dbus.connection.delivery.Delivery] |
///
/// **In.** One thread has the *role* of reading from a peer
/// ([ReadingRole][dbus.connection.reading.ReadingRole]). It decodes a message, shows it to the
/// filters, and takes it to where it belongs. A reply completes the future of its call, there and
/// then: replies never wait for handlers. A call of `Peer` is answered there and then. All other
/// calls, and the signals that somebody wants, once for each who does, are *deliveries*, and go to
/// [Turns][dbus.connection.delivery.Turns].
///
/// **The turn.** Of all deliveries of one connection, at most one has the *turn*; the others are
/// *waiting*, in the order in which they came. The turn goes to the first that waits, if no limit
/// speaks against it. From then on the delivery has *begun*: what it means is looked up, and its
/// handler runs. It is *released* from its turn
///
/// - when its handler has returned, whether the call is answered or not;
/// - when its thread is about to wait for a reply of this peer: so a call back gets through;
/// - just before its handler runs, if it is declared concurrent.
///
/// A call is *in progress* from its beginning until it is *answered*, by whichever thread.
///
/// **The thread.** Who gets a delivery out of `Turns` serves it, and asks for the next. That is
///
/// - the thread that reads, if nothing waits, and as long as handlers are known to be quick
///   ([Pace][dbus.connection.reading.Pace]): no hop to another thread. It *enters* the
///   application's code and *leaves* it. If the watch finds it inside for long, or waiting, another
///   thread takes the role; then the first one, when it comes back, is a worker;
/// - a *worker*, a thread of the pool that is started for what is known to take long, or when a
///   turn is given back while something waits. It serves what waits for some milliseconds, then
///   lets another one go on;
/// - a task on the application's executor, if there is one: one for each delivery, submitted when
///   the turn is free.
///
/// Where the budget of the user allows no further thread, or none can be started, a call is refused
/// in its turn, and a signal is handled by the thread that reads. What waits already gets a tenth
/// of a second for a thread to be free, before calls are refused; signals wait on.
///
/// **Back pressure.** What waits is limited in bytes, what handlers hold is limited in file
/// descriptors, what waits to be written is limited in bytes. Where one is exceeded, the thread
/// that reads *leaves*, at the [ReadingGate][dbus.connection.reading.ReadingGate], and waits for
/// nothing; whoever brings it below sends another one. While too much waits to be written, no turn
/// is given either. So a peer that does not read gets no more work done, and one that sends too
/// much finds its socket full.
///
/// **Out.** Whoever sends puts its message into the [Outbox][dbus.connection.outgoing.Outbox] under
/// its lock, and, if nobody is writing, takes the *baton* and offers what waits to the transport,
/// which takes what it can without waiting. If that was not all, the baton goes to a thread of the
/// pool, which waits for the peer. Answers never wait for room; messages of the application's do,
/// as it chooses. What the thread that reads answers is collected, and written when it has dealt
/// with all that one read brought, or is relieved, or has been at it for a millisecond when it
/// comes to the next message.
///
/// **The end.** It comes once, by whoever calls for it first (`Ending`). After the end of the
/// stream, or a write that failed, what waits still gets its turns, for five seconds; after a
/// reset, or a close on this side, it is dropped. Pending calls fail, then `closed` is told, each
/// piece of the application's code by itself, on a thread of the
/// [Relay][dbus.connection.threads.Relay], where none can hold up the next.
///
/// **Locks.** `Turns`, `Outbox` and `HeldUnixFds` have one each, and none is taken inside another.
/// No code of the application's runs under any, but for a budget, which must not wait. The gate is
/// one atomic word, set under these locks. What one thread wrote is seen by the next through the
/// role (an atomic step), the turn (a lock), or the baton (a lock).
package dbus.connection.delivery;
