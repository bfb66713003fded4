package dbus.connection;

import dbus.wire.Message;
import java.util.Optional;

/// Sees every message of a connection, and may change or drop it.
///
/// ```java
/// connection.addFilter((message, direction) ->
///     direction == INCOMING && message instanceof Signal ? Optional.empty() : Optional.of(message));
/// ```
///
/// **What it sees.** A message from the peer, before anything else looks at it. A message to the
/// peer, before it is encoded and before it has a serial: the filter sees 0 there, unless the
/// sender has chosen the serial ([SendOption#PRESERVE_SERIAL]). That goes for the messages of the
/// library itself, too, such as the answer to a ping. Several filters are asked in the order in
/// which they were added, each about what the one before has made of the message.
///
/// **What it answers.** The message itself; a changed copy, or another message, which then goes on
/// in its place; or empty, and the message goes no further. A call that is dropped on its way in
/// gets no reply. One that is dropped on its way out fails at once, as it does if it becomes
/// something that has no reply. A reply that is dropped leaves its caller waiting for the deadline.
/// An incoming call that comes back without a serial is given that of the message it stands for.
///
/// The file descriptors of a message that is dropped are closed, and so are those of a message that
/// another one takes the place of, unless that has the same ones. A filter that wants to keep one
/// takes it out of the message, or duplicates it.
///
/// **Threads.** Messages from the peer are shown one at a time, in their order, by the thread that
/// reads, and nothing more is read meanwhile. Messages to the peer are shown by the threads that
/// send them, several at a time. So a filter must be quick and safe for several threads, and must
/// not wait; above all not for a reply, which [DBusConnection#call] refuses on the thread that
/// reads. It may send messages, which it is shown as well; where it is shown one from the peer,
/// with [SendOption#FAIL_IF_FULL], since nothing is read while it waits for room.
///
/// **Failure.** If a filter throws, its message goes no further, since the filter may be what keeps
/// such messages out, and the log tells of it. Nobody is left waiting: an incoming call is answered
/// with the error `org.freedesktop.DBus.Error.Failed`, and so is the peer's call if it was the
/// reply to it that could not be filtered; a call of this side, or the reply to it, fails that call
/// at once. The connection goes on.
@FunctionalInterface
public interface MessageFilter {

  /// Looks at one message.
  ///
  /// @return what goes on in its place, mostly the message itself; empty to drop it
  Optional<Message> filter(Message message, Direction direction);
}
