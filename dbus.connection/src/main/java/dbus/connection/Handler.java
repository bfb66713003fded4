package dbus.connection;

/// What a method does when it is called.
///
/// A handler answers through its [Invocation], at once or later, from any thread. Most methods are
/// simpler than that: they take Java values and return one, which is what the nested interfaces are
/// for; [InterfaceBuilder] has a `method` for each.
///
/// Handlers run on threads that may block. Those of one connection begin one after the other, in
/// the order of the calls, unless they are [concurrent][InterfaceBuilder#concurrent()]; those of
/// different connections run at the same time. What a handler throws becomes an error reply: a
/// [DBusErrorException] as it is, anything else under the name that an [ErrorMapping] has for it,
/// by default `org.freedesktop.DBus.Error.Failed`, with the exception's message.
@FunctionalInterface
public interface Handler {

  /// Serves one call.
  ///
  /// @throws Exception becomes the error reply, unless the call is answered already
  void handle(Invocation call) throws Exception;

  /// Takes nothing and returns a value.
  @FunctionalInterface
  interface Function0<R> {
    /// Serves one call.
    R handle() throws Exception;
  }

  /// Takes one value and returns one.
  @FunctionalInterface
  interface Function1<A, R> {
    /// Serves one call.
    R handle(A a) throws Exception;
  }

  /// Takes two values and returns one.
  @FunctionalInterface
  interface Function2<A, B, R> {
    /// Serves one call.
    R handle(A a, B b) throws Exception;
  }

  /// Takes three values and returns one.
  @FunctionalInterface
  interface Function3<A, B, C, R> {
    /// Serves one call.
    R handle(A a, B b, C c) throws Exception;
  }

  /// Takes nothing and returns nothing.
  @FunctionalInterface
  interface Action0 {
    /// Serves one call.
    void handle() throws Exception;
  }

  /// Takes one value and returns nothing.
  @FunctionalInterface
  interface Action1<A> {
    /// Serves one call.
    void handle(A a) throws Exception;
  }

  /// Takes two values and returns nothing.
  @FunctionalInterface
  interface Action2<A, B> {
    /// Serves one call.
    void handle(A a, B b) throws Exception;
  }

  /// Takes three values and returns nothing.
  @FunctionalInterface
  interface Action3<A, B, C> {
    /// Serves one call.
    void handle(A a, B b, C c) throws Exception;
  }
}
