package dbus.connection;

/// Decides, for each call of an interface's methods, whether it may go to its handler.
///
/// ```java
/// Interface admin =
///     Interface.named("com.example.Admin1")
///         .authorizer(call -> call.connection().identity().filter(admins::contains).isPresent())
///         .method("Restart", () -> service.restart())
///         .build();
/// ```
///
/// It is asked right before the handler, where the handler would run, and may take as long. What it
/// sees is the method that the call is dispatched to, whether or not the call names its interface,
/// and the arguments are of the declared types. Who calls is told by the connection: what the
/// message says of its sender is not to be trusted.
///
/// Properties are not asked about: a setter refuses a value by throwing a [DBusErrorException].
@FunctionalInterface
public interface Authorizer {

  /// Whether the call may be served. If not, and it is not answered yet, it is answered with
  /// `org.freedesktop.DBus.Error.AccessDenied`.
  ///
  /// @throws Exception becomes the error reply, as if the handler had thrown it
  boolean authorize(Invocation call) throws Exception;
}
