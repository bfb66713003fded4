package dbus.connection.transport;

import dbus.address.AddressValue;
import dbus.address.UnixExec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What is to be run for a `unixexec:` address. D-Bus Specification, "Executed Subprocesses on
/// Unix".
final class ProgramCommand {

  /// The name a program is told it has cannot be chosen in Java, but by bash, which then is the
  /// program. Its flag `-p` keeps it from reading a file that `BASH_ENV` names.
  private static final List<String> RENAMED =
      List.of("bash", "-p", "-c", "exec -a \"$0\" -- \"$@\"");

  private ProgramCommand() {}

  /// @throws IOException if Java cannot pass on one of the arguments as it is
  static List<String> of(UnixExec address) throws IOException {
    List<String> command = new ArrayList<>();
    if (!address.programName().equals(address.path())) {
      command.addAll(RENAMED);
      command.add(text(address.programName()));
    }
    command.add(text(address.path()));
    for (AddressValue argument : address.arguments()) {
      command.add(text(argument));
    }
    return List.copyOf(command);
  }

  private static String text(AddressValue value) throws IOException {
    return value
        .text()
        .orElseThrow(
            () -> new IOException(value + ": a program's arguments must be text here, in UTF-8"));
  }
}
