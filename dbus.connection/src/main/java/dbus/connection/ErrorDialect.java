package dbus.connection;

import dbus.wire.ErrorName;

/// The names of the errors that this library itself replies with.
///
/// Implementations differ: some have a name for each reason, some answer many reasons alike. A
/// caller must cope with all; a service that replaces another one may be asked to sound like it.
public enum ErrorDialect {
  /// A name for each reason, as the specification lists them: `UnknownObject`, `UnknownInterface`,
  /// `UnknownMethod`, `UnknownProperty`, `PropertyReadOnly`, `AccessDenied`, `InvalidArgs`.
  DISTINCT {
    @Override
    ErrorName nameOf(Fault fault) {
      return switch (fault) {
        case NO_OBJECT -> ErrorName.UNKNOWN_OBJECT;
        case NO_INTERFACE, NO_INTERFACE_OF_PROPERTY -> ErrorName.UNKNOWN_INTERFACE;
        case NO_METHOD -> ErrorName.UNKNOWN_METHOD;
        case NO_PROPERTY -> ErrorName.UNKNOWN_PROPERTY;
        case NOT_READABLE -> ErrorName.ACCESS_DENIED;
        case NOT_WRITABLE -> ErrorName.PROPERTY_READ_ONLY;
        case WRONG_ARGUMENTS, WRONG_TYPE_OF_PROPERTY, REFUSED_VALUE -> ErrorName.INVALID_ARGS;
      };
    }
  },
  /// As GDBus: `UnknownMethod` if there is no such object, interface or method, `InvalidArgs` for
  /// all that can be wrong with a property.
  GDBUS {
    @Override
    ErrorName nameOf(Fault fault) {
      return switch (fault) {
        case NO_OBJECT, NO_INTERFACE, NO_METHOD -> ErrorName.UNKNOWN_METHOD;
        case WRONG_ARGUMENTS,
            NO_INTERFACE_OF_PROPERTY,
            NO_PROPERTY,
            NOT_READABLE,
            NOT_WRITABLE,
            WRONG_TYPE_OF_PROPERTY,
            REFUSED_VALUE ->
            ErrorName.INVALID_ARGS;
      };
    }
  };

  abstract ErrorName nameOf(Fault fault);
}
