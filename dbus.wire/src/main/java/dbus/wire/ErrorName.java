package dbus.wire;

/// The name of an error, such as `org.freedesktop.DBus.Error.Failed`.
///
/// The rules are those of an [InterfaceName]; names outside `org.freedesktop.DBus.Error` are as
/// good as those inside. D-Bus Specification, "Error names".
///
/// @param value the text of the name
public record ErrorName(String value) implements Comparable<ErrorName> {
  /// Something went wrong; the text says what.
  public static final ErrorName FAILED = standard("Failed");

  /// There was not enough memory.
  public static final ErrorName NO_MEMORY = standard("NoMemory");

  /// The bus knows no service of that name.
  public static final ErrorName SERVICE_UNKNOWN = standard("ServiceUnknown");

  /// No connection owns that bus name.
  public static final ErrorName NAME_HAS_NO_OWNER = standard("NameHasNoOwner");

  /// No reply came, in time or at all.
  public static final ErrorName NO_REPLY = standard("NoReply");

  /// Reading or writing failed, for example on a socket.
  public static final ErrorName IO_ERROR = standard("IOError");

  /// A D-Bus address is malformed.
  public static final ErrorName BAD_ADDRESS = standard("BadAddress");

  /// What was asked for is not supported here.
  public static final ErrorName NOT_SUPPORTED = standard("NotSupported");

  /// A limit on some resource was reached.
  public static final ErrorName LIMITS_EXCEEDED = standard("LimitsExceeded");

  /// The caller may not do this.
  public static final ErrorName ACCESS_DENIED = standard("AccessDenied");

  /// Authentication failed.
  public static final ErrorName AUTH_FAILED = standard("AuthFailed");

  /// There is nobody to connect to.
  public static final ErrorName NO_SERVER = standard("NoServer");

  /// Time ran out, for example while connecting.
  public static final ErrorName TIMEOUT = standard("Timeout");

  /// The network cannot be reached.
  public static final ErrorName NO_NETWORK = standard("NoNetwork");

  /// Somebody else already listens at the address.
  public static final ErrorName ADDRESS_IN_USE = standard("AddressInUse");

  /// The connection is closed.
  public static final ErrorName DISCONNECTED = standard("Disconnected");

  /// The arguments of a call are wrong in number, type, or value.
  public static final ErrorName INVALID_ARGS = standard("InvalidArgs");

  /// A file is missing.
  public static final ErrorName FILE_NOT_FOUND = standard("FileNotFound");

  /// A file exists already.
  public static final ErrorName FILE_EXISTS = standard("FileExists");

  /// The interface has no such method.
  public static final ErrorName UNKNOWN_METHOD = standard("UnknownMethod");

  /// There is no object at that path.
  public static final ErrorName UNKNOWN_OBJECT = standard("UnknownObject");

  /// The object has no such interface.
  public static final ErrorName UNKNOWN_INTERFACE = standard("UnknownInterface");

  /// The interface has no such property.
  public static final ErrorName UNKNOWN_PROPERTY = standard("UnknownProperty");

  /// The property cannot be set.
  public static final ErrorName PROPERTY_READ_ONLY = standard("PropertyReadOnly");

  /// Time ran out, for example while waiting for a reply.
  public static final ErrorName TIMED_OUT = standard("TimedOut");

  /// The match rule to be removed does not exist.
  public static final ErrorName MATCH_RULE_NOT_FOUND = standard("MatchRuleNotFound");

  /// The match rule is malformed.
  public static final ErrorName MATCH_RULE_INVALID = standard("MatchRuleInvalid");

  /// The program of a service could not be executed.
  public static final ErrorName SPAWN_EXEC_FAILED = standard("Spawn.ExecFailed");

  /// No process could be made for a service.
  public static final ErrorName SPAWN_FORK_FAILED = standard("Spawn.ForkFailed");

  /// The program of a service ended with an exit code.
  public static final ErrorName SPAWN_CHILD_EXITED = standard("Spawn.ChildExited");

  /// The program of a service was ended by a signal.
  public static final ErrorName SPAWN_CHILD_SIGNALED = standard("Spawn.ChildSignaled");

  /// A service could not be started.
  public static final ErrorName SPAWN_FAILED = standard("Spawn.Failed");

  /// The environment for a service could not be set up.
  public static final ErrorName SPAWN_SETUP_FAILED = standard("Spawn.FailedToSetup");

  /// The configuration for starting services is invalid.
  public static final ErrorName SPAWN_CONFIG_INVALID = standard("Spawn.ConfigInvalid");

  /// The name of the service is invalid.
  public static final ErrorName SPAWN_SERVICE_INVALID = standard("Spawn.ServiceNotValid");

  /// There is no such service to start.
  public static final ErrorName SPAWN_SERVICE_NOT_FOUND = standard("Spawn.ServiceNotFound");

  /// The helper that starts services has wrong permissions.
  public static final ErrorName SPAWN_PERMISSIONS_INVALID = standard("Spawn.PermissionsInvalid");

  /// The file that describes the service is invalid.
  public static final ErrorName SPAWN_FILE_INVALID = standard("Spawn.FileInvalid");

  /// There was not enough memory to start a service.
  public static final ErrorName SPAWN_NO_MEMORY = standard("Spawn.NoMemory");

  /// The process id of a connection is unknown.
  public static final ErrorName UNIX_PROCESS_ID_UNKNOWN = standard("UnixProcessIdUnknown");

  /// A type signature is invalid, or not the one expected.
  public static final ErrorName INVALID_SIGNATURE = standard("InvalidSignature");

  /// A file has invalid content.
  public static final ErrorName INVALID_FILE_CONTENT = standard("InvalidFileContent");

  /// The SELinux context of a connection is unknown.
  public static final ErrorName SELINUX_SECURITY_CONTEXT_UNKNOWN =
      standard("SELinuxSecurityContextUnknown");

  /// The audit data of a connection is unknown.
  public static final ErrorName ADT_AUDIT_DATA_UNKNOWN = standard("AdtAuditDataUnknown");

  /// Something is exported at that path already.
  public static final ErrorName OBJECT_PATH_IN_USE = standard("ObjectPathInUse");

  /// A message contradicts itself, for example its signature and its body.
  public static final ErrorName INCONSISTENT_MESSAGE = standard("InconsistentMessage");

  /// The user would have to be asked, and the caller did not allow that.
  public static final ErrorName INTERACTIVE_AUTHORIZATION_REQUIRED =
      standard("InteractiveAuthorizationRequired");

  /// The connection is not in a container.
  public static final ErrorName NOT_CONTAINER = standard("NotContainer");

  /// Checks the text.
  ///
  /// @throws IllegalArgumentException if it is no error name
  public ErrorName {
    NameGrammar.require(
        value,
        NameGrammar::interfaceName,
        "error name",
        "two or more elements of A-Z a-z 0-9 _ joined by dots, none beginning with a digit, at most"
            + " 255 bytes");
  }

  /// Whether a text is an error name.
  ///
  /// @param text any text
  /// @return true if the constructor accepts it
  public static boolean isValid(String text) {
    return NameGrammar.isValid(text, NameGrammar::interfaceName);
  }

  /// Orders names by their text.
  @Override
  public int compareTo(ErrorName other) {
    return value.compareTo(other.value);
  }

  /// The text of the name.
  @Override
  public String toString() {
    return value;
  }

  private static ErrorName standard(String suffix) {
    return new ErrorName("org.freedesktop.DBus.Error." + suffix);
  }
}
