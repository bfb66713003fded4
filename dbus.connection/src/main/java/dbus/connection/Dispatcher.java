package dbus.connection;

import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Takes the calls of one connection to their handlers: path, then interface and member, then the
/// types of the arguments. What is not found there is answered here.
///
/// [#dispatch] is called by the thread that reads. It answers by itself what only looks things up,
/// and leaves the rest to the executor; how many calls may be there at a time is limited, and at
/// the limit the thread waits, so that the peer's further calls stay in the socket.
final class Dispatcher {

  private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

  private final DBusConnection connection;
  private final ObjectTree objects;
  private final Executor executor;
  private final CallsInProgress inProgress;

  Dispatcher(
      DBusConnection connection,
      ObjectTree objects,
      Executor executor,
      CallsInProgress inProgress) {
    this.connection = connection;
    this.objects = objects;
    this.executor = executor;
    this.inProgress = inProgress;
  }

  void dispatch(MethodCall call) throws InterruptedException {
    Target target;
    try {
      target = resolve(call);
    } catch (DBusErrorException e) {
      if (!call.noReplyExpected()) {
        connection.trySend(ErrorMessage.to(call, e.errorName(), ErrorText.clean(ErrorText.of(e))));
      }
      return;
    }
    inProgress.begin();
    Invocation invocation =
        new Invocation(connection, objects, call, target.subject(), target.method(), inProgress);
    if (StandardInterfaces.answersAtOnce(target.subject())) {
      run(invocation, target.method());
      return;
    }
    try {
      executor.execute(() -> run(invocation, target.method()));
    } catch (RejectedExecutionException e) {
      invocation.fail(ErrorName.LIMITS_EXCEEDED, "no thread is free for this call");
    }
  }

  private static void run(Invocation invocation, Interface.Method method) {
    try {
      method.handler().handle(invocation);
    } catch (Throwable failure) {
      if (failure instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (invocation.isAnswered()) {
        LOG.log(Level.WARNING, invocation + " failed after it was answered", failure);
      } else {
        // What the user throws on purpose is an answer; anything else may be a bug of theirs.
        Level level = failure instanceof DBusErrorException ? Level.DEBUG : Level.WARNING;
        LOG.log(level, invocation + " failed", failure);
        invocation.fail(failure);
      }
    }
    if (invocation.message().noReplyExpected()) {
      invocation.over();
    }
  }

  private record Target(Interface subject, Interface.Method method) {}

  private Target resolve(MethodCall call) throws DBusErrorException {
    Target target = call.interfaceName().isPresent() ? byInterface(call) : byMemberAlone(call);
    if (!call.body().signature().equals(target.method().in())) {
      throw new DBusErrorException(
          ErrorName.INVALID_ARGS,
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
    var name = call.interfaceName().orElseThrow();
    Optional<Interface> subject = objects.find(call.path(), name);
    if (subject.isEmpty()) {
      subject =
          StandardInterfaces.at(objects, call.path()).stream()
              .filter(one -> one.name().equals(name))
              .findFirst();
    }
    if (subject.isEmpty()) {
      requireObject(call.path());
      throw new DBusErrorException(
          ErrorName.UNKNOWN_INTERFACE,
          "the object %s has no interface %s".formatted(call.path(), name));
    }
    Interface.Method method =
        subject.get().method(call.member()).orElseThrow(() -> unknownMethod(call));
    return new Target(subject.get(), method);
  }

  /// Without an interface the member must be unmistakable: to take any of several would make the
  /// outcome a matter of chance.
  private Target byMemberAlone(MethodCall call) throws DBusErrorException {
    MemberName member = call.member();
    List<Interface> all = new ArrayList<>(objects.at(call.path()));
    all.addAll(StandardInterfaces.at(objects, call.path()));
    List<Target> found = new ArrayList<>();
    for (Interface one : all) {
      one.method(member).ifPresent(method -> found.add(new Target(one, method)));
    }
    if (found.size() > 1) {
      throw new DBusErrorException(
          ErrorName.UNKNOWN_METHOD,
          "%d interfaces of %s have the method %s: name one of them"
              .formatted(found.size(), call.path(), member));
    }
    if (found.isEmpty()) {
      requireObject(call.path());
      throw unknownMethod(call);
    }
    return found.getFirst();
  }

  private void requireObject(ObjectPath path) throws DBusErrorException {
    if (!objects.exists(path)) {
      throw new DBusErrorException(ErrorName.UNKNOWN_OBJECT, "there is no object at " + path);
    }
  }

  private static DBusErrorException unknownMethod(MethodCall call) {
    String where = call.interfaceName().map(name -> "the interface " + name).orElse("the object");
    return new DBusErrorException(
        ErrorName.UNKNOWN_METHOD,
        "%s has no method %s (at %s)".formatted(where, call.member(), call.path()));
  }
}
