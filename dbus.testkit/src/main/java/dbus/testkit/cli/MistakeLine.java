package dbus.testkit.cli;

import dbus.wire.Printable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in one line what is wrong with the arguments, and where more is to be read.
final class MistakeLine implements IParameterExceptionHandler {

  /// In characters: it may quote an argument.
  private static final int LONGEST = 4096;

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command
        .getErr()
        .println(name + ": " + Printable.of(problem(mistake), LONGEST) + hint(mistake, name));
    return ServerOptions.MISTAKEN;
  }

  /// Whoever wrote an option that there is not may want to see those that there are.
  private static String hint(ParameterException mistake, String name) {
    return mistake instanceof Mistake ? "" : " (see " + name + " --help)";
  }

  private static String problem(ParameterException mistake) {
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      return what(unmatched) + suggestion(unmatched);
    }
    return String.valueOf(mistake.getMessage())
        .replaceFirst("^Error: ", "")
        .replaceFirst("\\.$", "");
  }

  private static String what(UnmatchedArgumentException unmatched) {
    String first = "'" + unmatched.getUnmatched().getFirst() + "'";
    if (unmatched.isUnknownOption()) {
      return "unknown option " + first;
    }
    return unmatched.getCommandLine().getParent() == null
        ? "unknown command " + first
        : "there is one argument too many: " + first;
  }

  /// The nearest, if there is one.
  private static String suggestion(UnmatchedArgumentException unmatched) {
    return unmatched.getSuggestions().stream()
        .findFirst()
        .map(near -> "; did you mean " + near + "?")
        .orElse("");
  }
}
