package dbus.testkit.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command `dbus`.
@Command(
    name = "dbus",
    description = "D-Bus between two programs, without a message bus.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all went well",
      "1:it did not work, or the output cannot be written",
      "2:the arguments are wrong"
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    subcommands = {
      AddressCommand.class,
      AuthCommand.class,
      CallCommand.class,
      DecodeCommand.class,
      EmitCommand.class,
      CommandLine.HelpCommand.class,
      MonitorCommand.class,
      ServeCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class DBusCommand {

  private DBusCommand() {}

  /// Runs it and exits: 0 if all went well, 1 if not, 2 if the arguments are wrong.
  public static void main(String[] args) {
    System.exit(commandLine().setOut(new StandardOutput()).execute(args));
  }

  /// The command, ready to be executed with arguments.
  static CommandLine commandLine() {
    return new CommandLine(new DBusCommand())
        // An argument such as "@as []" is a value, not a file of arguments.
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(new WrittenOutput())
        .setParameterExceptionHandler(new MistakeLine());
  }
}
