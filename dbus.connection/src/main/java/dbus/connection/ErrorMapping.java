package dbus.connection;

import dbus.connection.threads.LimitedLog;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which D-Bus error stands for which Java exception, in both directions. Immutable; one may serve
/// many connections.
///
/// An error of one's own is a subclass of [DBusErrorException], which knows its name. A handler
/// throws it as it is; so that a call throws it too, it is registered by its name. Exceptions of
/// other libraries are given a name by their type:
///
/// ```java
/// final class DiskFull extends DBusErrorException {
///   static final ErrorName NAME = new ErrorName("com.example.Error.DiskFull");
///
///   DiskFull(String text) {
///     super(NAME, text);
///   }
///
///   DiskFull(ErrorMessage reply) {
///     super(reply);
///   }
/// }
///
/// ErrorMapping errors =
///     ErrorMapping.builder()
///         .received(DiskFull.NAME, DiskFull::new)
///         .thrown(NoSuchFileException.class, ErrorName.FILE_NOT_FOUND)
///         .build();
/// ```
///
/// Then `DBusConnection.to(address).errors(errors)` makes a connection whose calls can be caught by
/// `catch (DiskFull e)`. What is not registered is received as a plain [DBusErrorException], and
/// sent as `org.freedesktop.DBus.Error.Failed`. Of an exception the peer is told the name and the
/// message, and never a stack trace. D-Bus Specification, "Errors".
public final class ErrorMapping {

  private static final LimitedLog LOG = LimitedLog.of(ErrorMapping.class);

  /// Nothing is registered.
  public static final ErrorMapping NONE = builder().build();

  private final Map<ErrorName, Function<ErrorMessage, ? extends DBusErrorException>> received;
  private final Map<Class<? extends Throwable>, ErrorName> thrown;
  private final ErrorDialect dialect;

  private ErrorMapping(Builder builder) {
    this.received = Map.copyOf(builder.received);
    this.thrown = Map.copyOf(builder.thrown);
    this.dialect = builder.dialect;
  }

  /// Begins a mapping.
  public static Builder builder() {
    return new Builder();
  }

  /// The name that the peer is told if a handler throws this.
  ///
  /// That of a [DBusErrorException] is its own; that of another exception is the one registered for
  /// its class or the nearest superclass; else it is `org.freedesktop.DBus.Error.Failed`.
  public ErrorName nameOf(Throwable failure) {
    return switch (failure) {
      case FaultException library -> dialect.nameOf(library.fault());
      case DBusErrorException named -> named.errorName();
      default -> nameOf(failure.getClass());
    };
  }

  private ErrorName nameOf(Class<?> type) {
    for (@Nullable Class<?> one = type; one != null; one = one.getSuperclass()) {
      ErrorName name = thrown.get(one);
      if (name != null) {
        return name;
      }
    }
    return ErrorName.FAILED;
  }

  /// Whether a name is registered for this, or for what it is a kind of.
  boolean knows(Throwable failure) {
    return !nameOf(failure).equals(ErrorName.FAILED);
  }

  /// The exception that a call throws if the peer replies with this error.
  public DBusErrorException toException(ErrorMessage reply) {
    var registered = received.get(reply.errorName());
    if (registered != null) {
      try {
        return registered.apply(reply);
      } catch (Throwable e) {
        // The call still fails with all that the peer said, only not as the registered type.
        LOG.warning("no exception could be made of " + reply.errorName(), e);
      }
    }
    return new DBusErrorException(reply);
  }

  /// Collects what an [ErrorMapping] is to hold.
  public static final class Builder {

    private final Map<ErrorName, Function<ErrorMessage, ? extends DBusErrorException>> received =
        new HashMap<>();
    private final Map<Class<? extends Throwable>, ErrorName> thrown = new HashMap<>();
    private ErrorDialect dialect = ErrorDialect.DISTINCT;

    private Builder() {}

    /// A call that is replied to with this error throws what is made of the reply.
    ///
    /// @param make runs on the thread that reads from the peer; quick, and without calls
    /// @throws IllegalArgumentException if the name is registered already
    public Builder received(
        ErrorName name, Function<ErrorMessage, ? extends DBusErrorException> make) {
      unique(received.putIfAbsent(name, make), name.value());
      return this;
    }

    /// A handler that throws this type, or a subclass, replies with this error, and with the
    /// exception's message as its text.
    ///
    /// @throws IllegalArgumentException if the type is registered already, or is a
    ///   [DBusErrorException], which has its name
    public Builder thrown(Class<? extends Throwable> type, ErrorName name) {
      if (DBusErrorException.class.isAssignableFrom(type)) {
        throw new IllegalArgumentException(
            type.getName() + ": each DBusErrorException brings its own error name");
      }
      unique(thrown.putIfAbsent(type, name), type.getName());
      return this;
    }

    /// The names of the errors that this library itself replies with, such as for an unknown
    /// object; by default [ErrorDialect#DISTINCT].
    public Builder dialect(ErrorDialect dialect) {
      this.dialect = dialect;
      return this;
    }

    /// The mapping as described so far.
    public ErrorMapping build() {
      return new ErrorMapping(this);
    }

    private static void unique(@Nullable Object before, String what) {
      if (before != null) {
        throw new IllegalArgumentException(what + " is registered twice");
      }
    }
  }
}
