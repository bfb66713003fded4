package dbus.connection;

import dbus.connection.jfr.HandlerRun;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Takes the calls of one connection to their handlers: path, then interface and member, then the
/// types of the arguments. What is not found there is answered here.
///
/// [#dispatch] is called by the thread that reads, and runs the handler there, unless the handler
/// is known to take long, or the user has given an executor. How many calls may be in progress at a
/// time is limited; what is beyond waits, with [CallsInProgress].
final class Dispatcher {

  private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

  /// What a call that waits keeps in memory besides its body, about.
  private static final long PARKED_BYTES = 512;

  private final DBusConnection connection;
  private final ObjectTree objects;
  private final ReadingRole role;
  private final Optional<Executor> executor;
  private final Events events;
  private final CallsInProgress inProgress;
  private final HeldUnixFds heldUnixFds;

  Dispatcher(
      DBusConnection connection,
      ObjectTree objects,
      ReadingRole role,
      Optional<Executor> executor,
      Events events,
      CallsInProgress inProgress,
      HeldUnixFds heldUnixFds) {
    this.heldUnixFds = heldUnixFds;
    this.connection = connection;
    this.objects = objects;
    this.role = role;
    this.executor = executor;
    this.events = events;
    this.inProgress = inProgress;
  }

  /// By the thread that reads.
  ///
  /// @return whether the calling thread still reads
  boolean dispatch(MethodCall call) throws InterruptedException {
    Target target;
    try {
      target = resolve(call);
    } catch (DBusErrorException e) {
      refuse(call, e);
      return true;
    } catch (RuntimeException e) {
      // A subtree is the user's code.
      LOG.log(Level.WARNING, "finding the object " + call.path() + " failed", e);
      refuse(call, e);
      return true;
    }
    heldUnixFds.add(call.unixFds());
    if (StandardInterfaces.answersAtOnce(target.subject())) {
      answerAtOnce(invocation(call, target));
      return true;
    }
    Invocation invocation = invocation(call, target);
    if (!inProgress.begin()) {
      inProgress.park(
          new CallsInProgress.Parked(
              () -> runElsewhere(invocation, target),
              invocation.open()::dropped,
              PARKED_BYTES + call.body().length()));
      return true;
    }
    if (executor.isEmpty() && target.method().pace().isQuick()) {
      return runHere(invocation, target.method().pace());
    }
    runElsewhere(invocation, target);
    return true;
  }

  private boolean runHere(Invocation invocation, Pace pace) {
    long entered = role.enter(pace);
    run(invocation);
    return role.leave(entered);
  }

  private void runElsewhere(Invocation invocation, Target target) {
    try {
      executor
          .orElse(HandlerThreads.EXECUTOR)
          .execute(target.method().pace().measured(() -> runInBurst(invocation, target)));
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.log(Level.WARNING, "no thread is free for " + invocation, e);
      invocation.fail(ErrorName.LIMITS_EXCEEDED, "no thread is free for this call");
      invocation.open().handlerHasReturned();
    }
  }

  private void runInBurst(Invocation invocation, Target target) {
    Burst burst = connection.burst();
    burst.begin();
    try {
      runIfStillThere(invocation, target);
    } finally {
      burst.end();
    }
  }

  private void refuse(MethodCall call, Exception why) {
    UnixFd.closeAll(call);
    if (!call.noReplyExpected()) {
      connection.trySend(
          ErrorMessage.to(
              call, connection.errors().nameOf(why), ErrorText.clean(ErrorText.of(why))));
    }
  }

  private Invocation invocation(MethodCall call, Target target) {
    OpenCall open = new OpenCall(call, inProgress, heldUnixFds);
    return new Invocation(connection, objects, open, target.subject(), target.method());
  }

  /// Not counted as in progress: it is over when this returns, and must not wait for others to end.
  private void answerAtOnce(Invocation invocation) {
    invocation.open().isNotCounted();
    run(invocation);
  }

  /// What was exported when the call came may have been taken away, or the connection may have
  /// ended, while it waited for a thread.
  private void runIfStillThere(Invocation invocation, Target target) {
    if (connection.isClosed()) {
      invocation.open().over();
      invocation.open().handlerHasReturned();
    } else if (objects.holds(invocation.path(), target.site())) {
      run(invocation);
    } else {
      invocation.fail(
          Fault.NO_OBJECT.exception("%s is no longer there".formatted(invocation.path())));
      invocation.open().handlerHasReturned();
    }
  }

  private void run(Invocation invocation) {
    boolean interrupted = false;
    HandlerRun event = Events.begin();
    try {
      invocation.handle();
    } catch (Throwable failure) {
      interrupted = failure instanceof InterruptedException;
      answerInAnyCase(invocation, failure);
    }
    events.handled(event, invocation.message(), invocation.interfaceName());
    if (invocation.message().noReplyExpected()) {
      invocation.open().over();
    } else if (!invocation.isAnswered()) {
      invocation.answerWhenForgotten();
    }
    invocation.open().handlerHasReturned();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Nothing that the user's code has thrown, or throws when it is asked for its text, may reach
  /// the thread that reads.
  private static void answerInAnyCase(Invocation invocation, Throwable failure) {
    try {
      answer(invocation, failure);
    } catch (Throwable hopeless) {
      invocation.open().over();
    }
  }

  private static void answer(Invocation invocation, Throwable failure) {
    if (invocation.isAnswered()) {
      LOG.log(Level.WARNING, invocation + " failed after it was answered", failure);
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
      invocation.fail(ErrorName.FAILED, "the method failed, with a text too long to be sent");
    } catch (IllegalStateException answeredMeanwhile) {
      LOG.log(Level.WARNING, invocation + " failed while it was answered", answeredMeanwhile);
    }
  }

  private record Target(Site site, Interface.Method method) {

    Interface subject() {
      return site.subject();
    }
  }

  private Target resolve(MethodCall call) throws DBusErrorException {
    Target target = call.interfaceName().isPresent() ? byInterface(call) : byMemberAlone(call);
    if (!call.body().signature().equals(target.method().in())) {
      throw Fault.WRONG_ARGUMENTS.exception(
          "%s.%s takes \"%s\", not \"%s\""
              .formatted(
                  target.subject().name(),
                  call.member(),
                  target.method().in(),
                  call.body().signature()));
    }
    return target;
  }

  private Target byInterface(MethodCall call) throws DBusErrorException {
    InterfaceName name = call.interfaceName().orElseThrow();
    Optional<Site> site = objects.find(call.path(), name);
    if (site.isEmpty()) {
      requireObject(call.path());
      throw Fault.NO_INTERFACE.exception(
          "the object %s has no interface %s".formatted(call.path(), name));
    }
    Interface.Method method =
        site.get().subject().method(call.member()).orElseThrow(() -> unknownMethod(call));
    return new Target(site.get(), method);
  }

  /// Without an interface the member must be unmistakable: to take any of several would make the
  /// outcome a matter of chance. What an object has by itself is meant only where it has no such
  /// member of its own.
  private Target byMemberAlone(MethodCall call) throws DBusErrorException {
    List<Target> found = new ArrayList<>();
    for (Site one : objects.at(call.path())) {
      one.subject().method(call.member()).ifPresent(method -> found.add(new Target(one, method)));
    }
    if (found.size() > 1) {
      throw Fault.NO_METHOD.exception(
          "%d interfaces of %s have the method %s: name one of them"
              .formatted(found.size(), call.path(), call.member()));
    }
    return found.isEmpty() ? byMemberOfStandard(call) : found.getFirst();
  }

  private Target byMemberOfStandard(MethodCall call) throws DBusErrorException {
    for (Interface one : StandardInterfaces.at(objects, call.path())) {
      Optional<Interface.Method> method = one.method(call.member());
      if (method.isPresent()) {
        return new Target(new Site(one, objects, Optional.empty()), method.get());
      }
    }
    requireObject(call.path());
    throw unknownMethod(call);
  }

  private void requireObject(ObjectPath path) throws DBusErrorException {
    if (!objects.exists(path)) {
      throw Fault.NO_OBJECT.exception("there is no object at " + path);
    }
  }

  private static DBusErrorException unknownMethod(MethodCall call) {
    String where = call.interfaceName().map(name -> "the interface " + name).orElse("the object");
    return Fault.NO_METHOD.exception(
        "%s has no method %s (at %s)".formatted(where, call.member(), call.path()));
  }
}
