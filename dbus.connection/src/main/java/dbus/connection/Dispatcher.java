package dbus.connection;

import dbus.connection.jfr.HandlerRun;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Takes the calls of one connection to their handlers: path, then interface and member, then the
/// types of the arguments. What is not found there is answered here.
///
/// [#dispatch] is called by the thread that reads, and runs the handler there, unless the handler
/// is known to take long, or the user has given an executor. How many calls may be in progress at a
/// time is limited; what is beyond waits, with [CallsInProgress].
final class Dispatcher {

  private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

  private final DBusConnection connection;
  private final ObjectTree objects;
  private final ReadingRole role;
  private final Optional<Executor> executor;
  private final Events events;
  private final CallsInProgress inProgress;
  private final HeldUnixFds heldUnixFds;
  private final Spending spending;

  Dispatcher(
      DBusConnection connection,
      ObjectTree objects,
      ReadingRole role,
      Optional<Executor> executor,
      Events events,
      CallsInProgress inProgress,
      HeldUnixFds heldUnixFds,
      Spending spending) {
    this.heldUnixFds = heldUnixFds;
    this.spending = spending;
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
    Optional<Pace> finding = objects.paceOfFinding(call);
    if (finding.isPresent()) {
      return dispatchInSubtree(call, finding.get());
    }
    Target target = resolve(call);
    if (target == null) {
      return true;
    }
    if (StandardInterfaces.answersAtOnce(target.subject())) {
      return answerAtOnce(open(call), target);
    }
    return dispatch(call, target, target.pace(call, objects));
  }

  private boolean dispatch(MethodCall call, Target target, Pace pace) throws InterruptedException {
    OpenCall open = open(call);
    if (!begin(open, () -> runElsewhere(open, target, pace))) {
      return true;
    }
    if (executor.isPresent() || !pace.isQuick()) {
      runElsewhere(open, target, pace);
      return true;
    }
    long entered = role.enter(pace);
    run(invocation(open, target));
    return role.leave(entered);
  }

  /// Where only a subtree can say what is called, that is asked as a handler is run, since it is
  /// the user's code as well: it may take long, and is watched.
  ///
  /// @param finding how long the subtree takes
  private boolean dispatchInSubtree(MethodCall call, Pace finding) throws InterruptedException {
    if (executor.isPresent() || !finding.isQuick()) {
      OpenCall open = open(call);
      Runnable serving = () -> elsewhere(open, () -> findAndRun(open, finding));
      if (begin(open, serving)) {
        serving.run();
      }
      return true;
    }
    long entered = role.enter(finding);
    Target target = resolve(call);
    boolean reads = role.leave(entered);
    if (target == null) {
      return reads;
    }
    if (StandardInterfaces.asksNobody(target.subject())) {
      return answerAtOnce(open(call), target) && reads;
    }
    Pace pace = target.paceInSubtree(finding);
    if (reads) {
      return dispatch(call, target, pace);
    }
    // Another thread reads already.
    OpenCall open = open(call);
    if (begin(open, () -> runElsewhere(open, target, pace))) {
      runElsewhere(open, target, pace);
    }
    return false;
  }

  /// On another thread than the one that reads.
  private void findAndRun(OpenCall open, Pace finding) {
    Target target = null;
    if (!connection.isClosed()) {
      long begun = System.nanoTime();
      target = resolve(open.call());
      finding.tookElsewhere(System.nanoTime() - begun);
    }
    if (target == null) {
      open.over();
      open.handlerHasReturned();
    } else {
      Invocation invocation = invocation(open, target);
      target.paceInSubtree(finding).measured(() -> run(invocation)).run();
    }
  }

  /// Whether the call may begin; otherwise it does later, or is refused.
  private boolean begin(OpenCall open, Runnable later) throws InterruptedException {
    return switch (inProgress.enter(open.bytes())) {
      case BEGUN -> true;
      case LATER -> {
        try {
          inProgress.park(new CallsInProgress.Parked(later, open::dropped, open.bytes()));
        } catch (InterruptedException e) {
          open.dropped();
          throw e;
        }
        yield false;
      }
      case REFUSED -> {
        refuse(
            open.call(), ErrorName.DISCONNECTED, "no more calls are taken: this side is leaving");
        open.dropped();
        yield false;
      }
    };
  }

  private void runElsewhere(OpenCall open, Target target, Pace pace) {
    Invocation invocation = invocation(open, target);
    elsewhere(open, pace.measured(() -> runIfStillThere(invocation, target)));
  }

  private void elsewhere(OpenCall open, Runnable serving) {
    Executor threads = executor.orElse(HandlerThreads.EXECUTOR);
    try {
      if (!spending.startHandler(() -> threads.execute(() -> serve(serving)))) {
        noThreadFor(open);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.log(Level.WARNING, "no thread is free for " + open.call(), e);
      noThreadFor(open);
    }
  }

  private void serve(Runnable serving) {
    try {
      runInBurst(serving);
    } catch (RuntimeException | Error e) {
      // An executor may run this in its caller, which would take it for a thread that is missing.
      LOG.log(Level.ERROR, "serving a call failed", e);
    } finally {
      spending.handlerReturned();
    }
  }

  private void runInBurst(Runnable serving) {
    Burst burst = connection.burst();
    burst.begin();
    try {
      serving.run();
    } finally {
      burst.end();
    }
  }

  private void noThreadFor(OpenCall open) {
    refuse(open.call(), ErrorName.LIMITS_EXCEEDED, "no thread is free for this call");
    open.over();
    open.handlerHasReturned();
  }

  /// What is called; null if it is nothing, and then the caller is told.
  private @Nullable Target resolve(MethodCall call) {
    try {
      return Target.of(call, objects);
    } catch (DBusErrorException e) {
      refuse(call, connection.errors().nameOf(e), ErrorText.clean(ErrorText.of(e)));
    } catch (RuntimeException | Error e) {
      // A subtree is the user's code.
      LOG.log(Level.WARNING, "finding the object " + call.path() + " failed", e);
      refuse(call, e);
    }
    return null;
  }

  /// Nothing that the user's code throws when it is asked for its text may reach the thread that
  /// reads.
  private void refuse(MethodCall call, Throwable why) {
    try {
      refuse(call, connection.errors().nameOf(why), ErrorText.clean(ErrorText.of(why)));
    } catch (RuntimeException | Error hopeless) {
      refuse(call, ErrorName.FAILED, "finding the object failed");
    }
  }

  private void refuse(MethodCall call, ErrorName name, String text) {
    UnixFd.closeAll(call);
    if (!call.noReplyExpected()) {
      connection.trySend(ErrorMessage.to(call, name, text));
    }
  }

  private OpenCall open(MethodCall call) throws InterruptedException {
    heldUnixFds.add(call.unixFds());
    return new OpenCall(call, inProgress, heldUnixFds);
  }

  private Invocation invocation(OpenCall open, Target target) {
    return new Invocation(connection, objects, open, target.subject(), target.method());
  }

  /// Not counted as in progress: it is over when this returns, and must not wait for others to end.
  private boolean answerAtOnce(OpenCall open, Target target) {
    open.isNotCounted();
    run(invocation(open, target));
    return true;
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
}
