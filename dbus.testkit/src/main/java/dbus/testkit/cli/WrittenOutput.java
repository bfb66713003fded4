package dbus.testkit.cli;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/// Runs a command, or prints its help, and does not take it for done before all that it says is
/// written: on a full disk, or where nobody reads, it has failed.
final class WrittenOutput implements IExecutionStrategy {

  private final RunLast commands = new RunLast();

  @Override
  public int execute(ParseResult parsed) {
    int status = commands.execute(parsed);
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    PrintWriter out = last.commandSpec().commandLine().getOut();
    // A command that failed has said why.
    if (!out.checkError() || status != 0) {
      return status;
    }
    Optional<String> reason = out instanceof StandardOutput it ? it.failure() : Optional.empty();
    last.commandSpec()
        .commandLine()
        .getErr()
        .println(
            last.commandSpec().qualifiedName()
                + ": the output cannot be written"
                + reason.map(why -> ": " + why).orElse(""));
    return ServerOptions.FAILED;
  }
}
