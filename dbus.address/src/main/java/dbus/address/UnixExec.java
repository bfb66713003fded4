package dbus.address;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// A program to start and to talk to over its standard input and output:
/// `unixexec:path=/bin/example`. One can only connect to it. It starts a program, so never take it
/// from an untrusted source.
///
/// Both streams are one end of a socket pair; the standard error is inherited.
///
/// D-Bus Specification, "Executed Subprocesses on Unix".
///
/// @param path the program; a name without a slash is looked up in `PATH`
/// @param argv0 the name that the program is told it has, if it is not the path
/// @param arguments the arguments `argv1`, `argv2` and so on. Those behind a gap in the numbers do
///   not count: they are among the unknown keys
/// @param unknownKeys keys that the transport does not know; the order is kept
/// @param guid the identifier of the server
public record UnixExec(
    AddressValue path,
    Optional<AddressValue> argv0,
    List<AddressValue> arguments,
    Map<String, AddressValue> unknownKeys,
    Optional<Guid> guid)
    implements Address {

  static final String ARGUMENT = "argv";

  /// Checks the components.
  ///
  /// @throws IllegalArgumentException if no such address can be written
  public UnixExec {
    arguments = List.copyOf(arguments);
    int argumentCount = arguments.size();
    unknownKeys = UnknownKeys.copy(unknownKeys, key -> isKey(key, argumentCount));
  }

  /// A program and its arguments.
  ///
  /// @param program the path or the name of the program
  /// @param arguments the arguments, none of them empty: an address cannot hold an empty one
  public static UnixExec of(String program, String... arguments) {
    return new UnixExec(
        AddressValue.of(program),
        Optional.empty(),
        Stream.of(arguments).map(AddressValue::of).toList(),
        Map.of(),
        Optional.empty());
  }

  /// The name that the program is told it has: `argv0`, or else the path.
  public AddressValue programName() {
    return argv0.orElse(path);
  }

  private static boolean isKey(String key, int arguments) {
    return key.equals("path") || key.equals("argv0") || isArgument(key, arguments);
  }

  /// Tells whether a key would be read as one of the arguments or as the one after the last.
  private static boolean isArgument(String key, int arguments) {
    if (!key.startsWith(ARGUMENT)) {
      return false;
    }
    String number = key.substring(ARGUMENT.length());
    int last = arguments + 1;
    return !number.isEmpty()
        && number.length() <= Integer.toString(last).length()
        && number.charAt(0) != '0'
        && number.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(number) <= last;
  }

  private static KeyMap putArguments(KeyMap keys, List<AddressValue> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      keys.put(ARGUMENT + (i + 1), arguments.get(i));
    }
    return keys;
  }

  @Override
  public String transport() {
    return "unixexec";
  }

  @Override
  public SequencedMap<String, AddressValue> keys() {
    KeyMap keys = new KeyMap().put("path", path).put("argv0", argv0);
    return putArguments(keys, arguments).end(unknownKeys, guid);
  }

  @Override
  public UnixExec withGuid(Guid guid) {
    return new UnixExec(path, argv0, arguments, unknownKeys, Optional.of(guid));
  }

  @Override
  public UnixExec withoutGuid() {
    return new UnixExec(path, argv0, arguments, unknownKeys, Optional.empty());
  }

  @Override
  public String toString() {
    return KeyMap.format(this);
  }
}
