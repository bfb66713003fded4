package dbus.connection;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Signature;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// One call of a method, to be answered once: by a reply or by an error, at once or later, from any
/// thread.
///
/// Where the caller wants no reply, answering is allowed and sends nothing. Where the connection
/// has ended meanwhile, the answer is dropped quietly. An invocation that is forgotten is answered
/// with an error when the garbage collector finds it. D-Bus Specification, "Method Calls".
public final class Invocation {

  private final DBusConnection connection;
  private final ObjectTree objects;
  private final MethodCall call;
  private final Interface subject;
  private final Interface.Method method;
  private final CallsInProgress inProgress;
  private final AtomicBoolean counted = new AtomicBoolean(true);
  private final AtomicBoolean answered = new AtomicBoolean();

  /// @param inProgress counts this call until it is over
  Invocation(
      DBusConnection connection,
      ObjectTree objects,
      MethodCall call,
      Interface subject,
      Interface.Method method,
      CallsInProgress inProgress) {
    this.connection = connection;
    this.objects = objects;
    this.call = call;
    this.subject = subject;
    this.method = method;
    this.inProgress = inProgress;
  }

  /// The connection it came by, with the credentials of the caller.
  public DBusConnection connection() {
    return connection;
  }

  /// The call as it came. Its sender and destination are what the peer wrote there: nobody has
  /// checked them.
  public MethodCall message() {
    return call;
  }

  /// The object called.
  public ObjectPath path() {
    return call.path();
  }

  /// The interface called, also where the call does not name it.
  public InterfaceName interfaceName() {
    return subject.name();
  }

  /// The method called.
  public MemberName member() {
    return call.member();
  }

  /// Reads the arguments, which are of the declared types; a new one at every call.
  public WireReader reader() {
    return call.body().reader();
  }

  /// The arguments as values.
  public List<Value> arguments() {
    return call.body().values();
  }

  /// Answers with nothing.
  ///
  /// @throws IllegalStateException if the call is answered already
  /// @throws IllegalArgumentException if the method is declared to return something
  public void reply() {
    reply(Body.EMPTY);
  }

  /// Answers with these values.
  ///
  /// @throws IllegalStateException if the call is answered already
  /// @throws IllegalArgumentException if they are not of the declared types
  public void reply(Value... values) {
    reply(Body.of(values));
  }

  /// Answers with this body.
  ///
  /// @throws IllegalStateException if the call is answered already
  /// @throws IllegalArgumentException if it is not of the declared types, or too large to be sent;
  ///   nothing has been sent then
  public void reply(Body body) {
    if (!body.signature().equals(method.out())) {
      throw new IllegalArgumentException(
          "%s.%s returns \"%s\", not \"%s\""
              .formatted(interfaceName(), member(), method.out(), body.signature()));
    }
    answer(MethodReturn.to(call).withBody(body));
  }

  /// Answers with an error.
  ///
  /// @throws IllegalStateException if the call is answered already
  public void fail(ErrorName name, String text) {
    answer(ErrorMessage.to(call, name, ErrorText.clean(text)));
  }

  /// Answers with the error that the exception stands for: a [DBusErrorException] as it is,
  /// anything else under the name that is registered in the connection's [ErrorMapping], by default
  /// `org.freedesktop.DBus.Error.Failed`, with its message. No stack trace is sent.
  ///
  /// @throws IllegalStateException if the call is answered already
  public void fail(Throwable failure) {
    fail(connection.errors().nameOf(failure), ErrorText.of(failure));
  }

  /// Emits a signal of the interface called, from the object called, to the caller alone. What is
  /// emitted before the reply arrives before it.
  ///
  /// @throws IllegalArgumentException if the interface has no such signal, or the arguments are not
  ///   of the declared types
  public void emit(String signal, Body arguments) {
    MemberName member = new MemberName(signal);
    Signature declared =
        subject
            .signal(member)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "%s has no signal %s".formatted(interfaceName(), signal)));
    if (!arguments.signature().equals(declared)) {
      throw new IllegalArgumentException(
          "the signal %s.%s has \"%s\", not \"%s\""
              .formatted(interfaceName(), signal, declared, arguments.signature()));
    }
    connection.trySend(Signal.of(path(), interfaceName(), member).withBody(arguments));
  }

  /// Whether a reply or an error has been given.
  public boolean isAnswered() {
    return answered.get();
  }

  private void answer(Message reply) {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "%s.%s is answered already".formatted(interfaceName(), member()));
    }
    try {
      if (!call.noReplyExpected()) {
        connection.trySend(reply);
      }
    } catch (IllegalArgumentException cannotBeSent) {
      answered.set(false);
      throw cannotBeSent;
    } finally {
      if (answered.get()) {
        over();
      }
    }
  }

  /// Has the call answered with an error once nobody can answer it any more, since this object is
  /// garbage. For calls whose handler has returned; the others are reachable, and spared the cost.
  void answerWhenForgotten() {
    ForgottenCall.watch(this, new ForgottenCall(connection, call, answered, counted, inProgress));
  }

  /// Runs the handler.
  void handle() throws Exception {
    method.handler().handle(this);
  }

  /// It has not been entered among the calls in progress.
  void isNotCounted() {
    counted.set(false);
  }

  /// The call holds nothing up any more: it is answered, or nobody waits for an answer.
  void over() {
    if (counted.compareAndSet(true, false)) {
      inProgress.end();
    }
  }

  /// The objects among which the called one stands.
  ObjectTree objects() {
    return objects;
  }

  @Override
  public String toString() {
    return "%s.%s at %s".formatted(interfaceName(), member(), path());
  }
}
