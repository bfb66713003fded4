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
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// One call of a method, to be answered once: by a reply or by an error, at once or later, from any
/// thread.
///
/// The file descriptors among the arguments are closed when the handler has returned and the call
/// is answered, except those that were [taken][UnixFd#take()].
///
/// Where the caller wants no reply, answering is allowed and sends nothing. Where the connection
/// has ended meanwhile, the answer is dropped quietly. D-Bus Specification, "Method Calls".
public final class Invocation {

  private final DBusConnection connection;
  private final ObjectTree objects;
  private final MethodCall call;
  private final Interface subject;
  private final Interface.Method method;
  private final CallsInProgress inProgress;
  private final HeldUnixFds heldUnixFds;
  private final AtomicBoolean counted = new AtomicBoolean(true);
  private final AtomicBoolean over = new AtomicBoolean();

  /// The handler that runs, and the answer that is to come: the last of the two to end closes the
  /// descriptors of the call.
  private final AtomicInteger usersOfUnixFds = new AtomicInteger(2);

  private final AtomicBoolean answered = new AtomicBoolean();

  /// @param inProgress counts this call until it is over
  /// @param heldUnixFds counts its descriptors until they are closed
  Invocation(
      DBusConnection connection,
      ObjectTree objects,
      MethodCall call,
      Interface subject,
      Interface.Method method,
      CallsInProgress inProgress,
      HeldUnixFds heldUnixFds) {
    this.heldUnixFds = heldUnixFds;
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
  /// anything else as `org.freedesktop.DBus.Error.Failed` with its message. No stack trace is sent.
  ///
  /// @throws IllegalStateException if the call is answered already
  public void fail(Throwable failure) {
    if (failure instanceof DBusErrorException error) {
      fail(error.errorName(), ErrorText.of(error));
    } else {
      fail(ErrorName.FAILED, ErrorText.of(failure));
    }
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
      arguments.unixFds().close();
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
      UnixFd.closeAll(reply);
      throw new IllegalStateException(
          "%s.%s is answered already".formatted(interfaceName(), member()));
    }
    try {
      if (call.noReplyExpected()) {
        UnixFd.closeAll(reply);
      } else {
        connection.trySend(reply, this::unixFdsRefused);
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

  /// The caller is not left without an answer.
  private void unixFdsRefused(IOException why) {
    connection.post(
        ErrorMessage.to(
            call,
            ErrorName.LIMITS_EXCEEDED,
            "the file descriptors of the reply cannot travel: "
                + ErrorText.clean(String.valueOf(why.getMessage()))));
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
    if (over.compareAndSet(false, true)) {
      if (counted.get()) {
        inProgress.end();
      }
      needUnixFdsNoMore();
    }
  }

  /// It will not be handled.
  void dropped() {
    isNotCounted();
    over();
    handlerHasReturned();
  }

  /// To be called once.
  void handlerHasReturned() {
    needUnixFdsNoMore();
  }

  private void needUnixFdsNoMore() {
    if (call.unixFds() > 0 && usersOfUnixFds.decrementAndGet() == 0) {
      call.body().unixFds().close();
      heldUnixFds.remove(call.unixFds());
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
