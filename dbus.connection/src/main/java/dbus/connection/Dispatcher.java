package dbus.connection;

import dbus.connection.delivery.Deliveries;
import dbus.connection.delivery.Delivery;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.jfr.HandlerRun;
import dbus.connection.observing.Events;
import dbus.connection.reading.Pace;
import dbus.connection.spending.HeldUnixFds;
import dbus.connection.threads.LimitedLog;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MethodCall;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes the calls of one connection to their handlers: path, then interface and member, then the
/// types of the arguments. What is not found there is answered here.
///
/// When a call begins, and on which thread, is for [Deliveries] to say; only what is asked of
/// `org.freedesktop.DBus.Peer` is answered at once, by the thread that reads. There is one way of a
/// call: it is found at its turn, then it is handled.
final class Dispatcher {

  private static final LimitedLog LOG = LimitedLog.of(Dispatcher.class);

  private final DBusConnection connection;
  private final ObjectTree objects;
  private final Events events;
  private final Deliveries deliveries;
  private final HeldUnixFds heldUnixFds;
  private final boolean concurrent;

  /// @param concurrent whether all methods are
  Dispatcher(
      DBusConnection connection,
      ObjectTree objects,
      Events events,
      Deliveries deliveries,
      HeldUnixFds heldUnixFds,
      boolean concurrent) {
    this.connection = connection;
    this.objects = objects;
    this.events = events;
    this.deliveries = deliveries;
    this.heldUnixFds = heldUnixFds;
    this.concurrent = concurrent;
  }

  /// By the thread that reads.
  ///
  /// @return whether the calling thread still reads
  boolean dispatch(MethodCall call) {
    heldUnixFds.add(call.unixFds());
    OpenCall open = new OpenCall(call, this);
    Optional<InterfaceName> name = call.interfaceName();
    if (name.isEmpty() || !name.get().equals(PeerInterface.INTERFACE.name())) {
      return deliveries.deliver(open);
    }
    if (find(open) != null) {
      handle(open);
    }
    return true;
  }

  @Nullable Pace paceOfFinding(MethodCall call) {
    return objects.paceOfFinding(call).orElse(null);
  }

  /// At its turn: what is called. It may have been exported, or have been taken away, until now.
  ///
  /// @return how long its handler takes; null if the call is refused, or nobody waits for it any
  ///   more
  @Nullable Pace find(OpenCall open) {
    if (connection.isClosed()) {
      open.drop();
      return null;
    }
    MethodCall call = open.call();
    try {
      Target target = found(open);
      open.means(target);
      Pace finding = open.paceOfFinding();
      return finding == null ? target.pace(call, objects) : target.paceInSubtree(finding);
    } catch (DBusErrorException e) {
      refuse(open, connection.errors().nameOf(e), ErrorText.clean(e.text()));
    } catch (Throwable e) {
      // A subtree is the application's code.
      LOG.warning("finding the object " + call.path() + " failed", e);
      refuseFor(open, e);
    }
    return null;
  }

  private Target found(OpenCall open) throws DBusErrorException {
    MethodCall call = open.call();
    Target before = open.target();
    if (before != null) {
      if (!objects.holds(call.path(), before.site())) {
        throw Fault.NO_OBJECT.exception("%s is no longer there".formatted(call.path()));
      }
      return before;
    }
    Target target = Target.of(call, objects);
    Delivery.Refusal refusal = open.refusal();
    if (refusal != null && !StandardInterfaces.answersAtOnce(target.subject())) {
      throw switch (refusal) {
        case TOO_LATE ->
            new DBusErrorException(
                ErrorName.DISCONNECTED, "no more calls are taken: this side is leaving");
        case TOO_MANY_WAIT ->
            new DBusErrorException(
                ErrorName.LIMITS_EXCEEDED,
                "too many handlers of earlier calls wait for a reply of their caller");
      };
    }
    return target;
  }

  /// Nothing that the application's code throws when it is asked for its text may go further.
  private void refuseFor(OpenCall open, Throwable why) {
    ErrorName name;
    String text;
    try {
      name = connection.errors().nameOf(why);
      text = ErrorText.clean(ErrorText.toldBy(why).orElse("finding the object failed"));
    } catch (Throwable hopeless) {
      name = ErrorName.FAILED;
      text = "finding the object failed";
    }
    refuse(open, name, text);
  }

  void noThreadFor(OpenCall open) {
    refuse(open, ErrorName.LIMITS_EXCEEDED, "no thread is free for this call");
  }

  private void refuse(OpenCall open, ErrorName name, String text) {
    Descriptors.close(open.call());
    if (!open.call().noReplyExpected()) {
      connection.answer(ErrorMessage.to(open.call(), name, text));
    }
    open.drop();
  }

  /// Whether it holds nobody up once it has begun. What every object has by itself does: it is as
  /// good as the properties and subtrees behind it.
  boolean isConcurrent(OpenCall open) {
    Target target = open.target();
    return target != null
        && (target.method().concurrent()
            || (concurrent && StandardInterfaces.find(target.subject().name()).isEmpty()));
  }

  /// Runs the handler of a call that was found.
  void handle(OpenCall open) {
    Target target = open.target();
    if (target == null) {
      throw new AssertionError("not found: " + open.call());
    }
    Invocation invocation =
        new Invocation(connection, objects, open, target.subject(), target.method());
    boolean interrupted = false;
    HandlerRun event = Events.begin();
    try {
      if (connection.isClosed()) {
        open.drop();
        return;
      }
      invocation.handle();
    } catch (Throwable failure) {
      interrupted = failure instanceof InterruptedException;
      answerInAnyCase(invocation, failure);
    }
    events.handled(event, invocation.message(), invocation.interfaceName());
    if (invocation.message().noReplyExpected()) {
      open.over();
    } else if (!invocation.isAnswered()) {
      invocation.answerWhenForgotten();
    }
    open.handlerHasReturned();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Nothing that the application's code has thrown, or throws when it is asked for its text, may
  /// go further.
  private static void answerInAnyCase(Invocation invocation, Throwable failure) {
    try {
      answer(invocation, failure);
    } catch (Throwable hopeless) {
      answerWithoutText(invocation);
    }
  }

  private static void answerWithoutText(Invocation invocation) {
    try {
      if (!invocation.isAnswered()) {
        invocation.fail(ErrorName.FAILED, invocation + " failed");
      }
    } catch (Throwable hopeless) {
      LOG.warning("a call cannot be answered", hopeless);
    } finally {
      invocation.open().over();
    }
  }

  private static void answer(Invocation invocation, Throwable failure) {
    if (invocation.isAnswered()) {
      LOG.warning(invocation + " failed after it was answered", failure);
      return;
    }
    // What the user throws on purpose is an answer; anything else may be a bug of theirs.
    LOG.log(
        failure instanceof DBusErrorException ? Level.DEBUG : Level.WARNING,
        invocation + " failed",
        failure);
    try {
      invocation.fail(failure);
    } catch (IllegalArgumentException tooLong) {
      invocation.fail(ErrorName.FAILED, invocation + " failed, with a text too long to be sent");
    } catch (IllegalStateException answeredMeanwhile) {
      LOG.warning(invocation + " failed while it was answered", answeredMeanwhile);
    }
  }

  void answered(OpenCall open) {
    deliveries.answered(open);
  }

  void closedUnixFds(int count) {
    heldUnixFds.remove(count);
  }
}
