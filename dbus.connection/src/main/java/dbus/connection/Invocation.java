package dbus.connection;

import dbus.connection.descriptor.Descriptors;
import dbus.connection.introspection.MethodInfo;
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
import java.io.IOException;
import java.util.List;

/// One call of a method, to be answered once: by a reply or by an error, at once or later, from any
/// thread.
///
/// The file descriptors among the arguments are closed when the handler has returned and the call
/// is answered, except those that were [taken][UnixFd#take()].
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
  private final OpenCall open;

  Invocation(
      DBusConnection connection,
      ObjectTree objects,
      OpenCall open,
      Interface subject,
      Interface.Method method) {
    this.open = open;
    this.connection = connection;
    this.objects = objects;
    this.call = open.call();
    this.subject = subject;
    this.method = method;
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

  /// The method called, as introspection data.
  public MethodInfo methodInfo() {
    return method.info();
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

  /// Answers with this body. File descriptors in it are handed over, whatever comes of it.
  ///
  /// @throws IllegalStateException if the call is answered already
  /// @throws IllegalArgumentException if it is not of the declared types, or too large to be sent;
  ///   nothing has been sent then
  public void reply(Body body) {
    if (!body.signature().equals(method.out())) {
      body.unixFds().close();
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
  /// `org.freedesktop.DBus.Error.Failed`, with its message. No stack trace is sent, and no message
  /// that names classes.
  ///
  /// @throws IllegalStateException if the call is answered already
  public void fail(Throwable failure) {
    fail(connection.errors().nameOf(failure), ErrorText.toldBy(failure).orElse(this + " failed"));
  }

  /// Emits a signal of the interface called, from the object called, to the caller alone. What is
  /// emitted before the reply arrives before it.
  ///
  /// @throws IllegalArgumentException if the interface has no such signal, or the arguments are not
  ///   of the declared types
  /// @throws java.io.UncheckedIOException if this thread is interrupted while too much waits for
  ///   the peer; the signal is not sent
  public void emit(String signal, Body arguments) {
    Interface.DeclaredSignal declared =
        subject
            .signal(signal)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "%s has no signal %s".formatted(interfaceName(), signal)));
    if (!arguments.signature().equals(declared.arguments())) {
      arguments.unixFds().close();
      throw new IllegalArgumentException(
          "the signal %s.%s has \"%s\", not \"%s\""
              .formatted(interfaceName(), signal, declared.arguments(), arguments.signature()));
    }
    connection.emit(Signal.of(path(), interfaceName(), declared.name()).withBody(arguments));
  }

  /// Whether a reply or an error has been given.
  public boolean isAnswered() {
    return open.isAnswered();
  }

  private void answer(Message reply) {
    if (!open.beginAnswer()) {
      Descriptors.close(reply);
      throw new IllegalStateException(
          "%s.%s is answered already".formatted(interfaceName(), member()));
    }
    try {
      if (call.noReplyExpected()) {
        Descriptors.close(reply);
      } else {
        connection.answer(reply, this::unixFdsRefused);
      }
    } catch (IllegalArgumentException cannotBeSent) {
      open.cannotAnswerSo();
      throw cannotBeSent;
    } finally {
      if (open.isAnswered()) {
        open.over();
      }
    }
  }

  /// The caller is not left without an answer.
  private void unixFdsRefused(IOException why) {
    connection.answer(
        ErrorMessage.to(
            call,
            ErrorName.LIMITS_EXCEEDED,
            "the file descriptors of the reply cannot travel: "
                + ErrorText.clean(String.valueOf(why.getMessage()))));
  }

  /// Has the call answered with an error once nobody can answer it any more, since this object is
  /// garbage. For calls whose handler has returned; the others are reachable, and spared the cost.
  void answerWhenForgotten() {
    ForgottenCall.watch(this, new ForgottenCall(connection, open));
  }

  /// Runs the handler.
  void handle() throws Exception {
    method.handler().handle(this);
  }

  /// The types of what the method returns.
  Signature declaredOut() {
    return method.out();
  }

  /// What it holds until it is over.
  OpenCall open() {
    return open;
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
