package dbus.testkit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// An option or a parameter is understood, and is not what it must be. The text says all of it.
final class Mistake extends ParameterException {
  private static final long serialVersionUID = 1;

  Mistake(CommandSpec command, String problem, @Nullable Throwable cause) {
    super(command.commandLine(), problem, cause);
  }
}
