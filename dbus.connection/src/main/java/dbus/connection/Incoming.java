package dbus.connection;

import dbus.connection.descriptor.Descriptors;
import dbus.connection.observing.FilterFailedException;
import dbus.connection.observing.Filters;
import dbus.connection.outgoing.Outbox;
import dbus.connection.outgoing.Ticket;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.Signal;
import dbus.wire.UnknownMessage;
import java.util.Optional;

/// Where a message from the peer goes: through the filters, if there are any, then to the handlers
/// of calls, to the call that waits for it, or to those who want the signal. Used by the thread
/// that reads alone.
final class Incoming {

  private final Filters filters;
  private final Outbox outbox;
  private final PendingCalls pending;
  private final Subscriptions subscriptions;
  private final Dispatcher dispatcher;

  Incoming(
      Filters filters,
      Outbox outbox,
      PendingCalls pending,
      Subscriptions subscriptions,
      Dispatcher dispatcher) {
    this.filters = filters;
    this.outbox = outbox;
    this.pending = pending;
    this.subscriptions = subscriptions;
    this.dispatcher = dispatcher;
  }

  /// Takes a message to where it belongs.
  ///
  /// @return whether the calling thread still reads
  boolean take(Message message) {
    return filters.isEmpty() ? deliver(message) : filter(message);
  }

  /// Takes what the filters leave of a message to where it belongs.
  ///
  /// @return whether the calling thread still reads
  private boolean filter(Message message) {
    try {
      Optional<Message> left = filters.incoming(message);
      return left.isEmpty() || deliver(left.get());
    } catch (FilterFailedException e) {
      return filterFailed(message, e);
    }
  }

  /// Nobody is to wait for what will not come.
  private boolean filterFailed(Message message, FilterFailedException e) {
    return switch (message) {
      case MethodCall call -> {
        if (!call.noReplyExpected()) {
          var _ =
              outbox.answer(
                  ErrorMessage.to(call, ErrorName.FAILED, FilterFailedException.TEXT), Ticket.NONE);
        }
        yield true;
      }
      case MethodReturn reply -> pending.fail(reply.replySerial(), call -> e);
      case ErrorMessage error -> pending.fail(error.replySerial(), call -> e);
      case Signal _, UnknownMessage _ -> true;
    };
  }

  /// Takes a message to where it belongs.
  ///
  /// @return whether the calling thread still reads
  private boolean deliver(Message message) {
    try {
      return switch (message) {
        case MethodCall call -> dispatcher.dispatch(call);
        case MethodReturn reply -> pending.answer(reply);
        case ErrorMessage error -> pending.answer(error);
        case Signal signal -> subscriptions.received(signal);
        // Types of a later protocol are to be ignored.
        case UnknownMessage unknown -> {
          Descriptors.close(unknown);
          yield true;
        }
      };
    } catch (RuntimeException | Error e) {
      Descriptors.close(message);
      throw e;
    }
  }
}
