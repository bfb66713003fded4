package dbus.connection.observing;

import dbus.connection.Direction;
import dbus.connection.MessageFilter;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.threads.LimitedLog;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The filters of one connection, and what becomes of a message that they drop or fail at.
///
/// A message is shown to the filters that were there when its turn began: one that is added or
/// removed meanwhile, even by a filter, makes a difference for the next message.
public final class Filters {

  private static final LimitedLog LOG = LimitedLog.of(Filters.class);

  /// A filter that was added; the same one may be added twice.
  private static final class Entry {
    final MessageFilter filter;

    Entry(MessageFilter filter) {
      this.filter = filter;
    }
  }

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /// Shows messages to a filter from now on.
  ///
  /// @return takes it away again
  public Runnable add(MessageFilter filter) {
    Entry entry = new Entry(filter);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /// What is left of a message from the peer.
  public Optional<Message> incoming(Message message) throws FilterFailedException {
    return pass(message, Direction.INCOMING).map(left -> answerable(message, left));
  }

  /// A reply needs the serial of its call, and copies are easily made without one.
  private static Message answerable(Message message, Message left) {
    return left instanceof MethodCall call && call.serial() == 0
        ? call.withSerial(message.serial())
        : left;
  }

  /// What is left of a message to the peer.
  ///
  /// @param unanswered is told if the message was a call that wants a reply, and no longer is
  public Optional<Message> outgoing(Message message, Consumer<IOException> unanswered) {
    if (entries.isEmpty()) {
      return Optional.of(message);
    }
    try {
      Optional<Message> left = pass(message, Direction.OUTGOING);
      if (wantsReply(message) && !left.map(Filters::wantsReply).orElse(false)) {
        unanswered.accept(new IOException("a message filter took the call away"));
      }
      return left;
    } catch (FilterFailedException e) {
      if (wantsReply(message)) {
        unanswered.accept(e);
      }
      return message instanceof MethodReturn reply
          ? Optional.of(errorFor(reply))
          : message instanceof ErrorMessage error ? Optional.of(errorFor(error)) : Optional.empty();
    }
  }

  private static boolean wantsReply(Message message) {
    return message instanceof MethodCall call && !call.noReplyExpected();
  }

  private Optional<Message> pass(Message message, Direction direction)
      throws FilterFailedException {
    Message left = message;
    for (Entry entry : entries) {
      try {
        Optional<Message> next = entry.filter.filter(left, direction);
        if (next.isEmpty() || !hasTheSameUnixFds(next.get(), left)) {
          Descriptors.close(left);
        }
        if (next.isEmpty()) {
          return next;
        }
        left = next.get();
      } catch (Throwable e) {
        Descriptors.close(left);
        LOG.warning("a filter failed, and nothing more is done with " + message, e);
        throw new FilterFailedException(e);
      }
    }
    return Optional.of(left);
  }

  private static boolean hasTheSameUnixFds(Message one, Message other) {
    return one.body().unixFds() == other.body().unixFds();
  }

  private static Message errorFor(MethodReturn reply) {
    return errorFor(reply.replySerial(), reply);
  }

  private static Message errorFor(ErrorMessage error) {
    return errorFor(error.replySerial(), error);
  }

  /// Not shown to the filters, of which one has just failed.
  private static Message errorFor(int serial, Message reply) {
    // Only the serial of the call counts, and to whom the reply goes.
    MethodCall call = MethodCall.of(ObjectPath.ROOT, new MemberName("Call")).withSerial(serial);
    ErrorMessage error = ErrorMessage.to(call, ErrorName.FAILED, FilterFailedException.TEXT);
    return reply.destination().map(error::withDestination).orElse(error);
  }
}
