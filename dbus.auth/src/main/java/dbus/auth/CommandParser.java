package dbus.auth;

import dbus.address.Guid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the lines of [Command]. Strict on purpose: where a proxy and a server read one line in two
/// ways, what the proxy checked is not what the server does (CVE-2018-6560, SEC-17).
final class CommandParser {
  private static final Set<String> KNOWN =
      Set.of(
          "AUTH",
          "DATA",
          "CANCEL",
          "BEGIN",
          "NEGOTIATE_UNIX_FD",
          "AGREE_UNIX_FD",
          "ERROR",
          "OK",
          "REJECTED");

  private CommandParser() {}

  static Command parse(byte[] line) {
    if (line.length == 0) {
      return new Command.Malformed("", "empty line");
    }
    for (byte b : line) {
      if (b < 0x20 || b > 0x7e) {
        return new Command.Malformed("", "byte outside printable ASCII");
      }
    }
    String text = new String(line, StandardCharsets.US_ASCII);
    int space = text.indexOf(' ');
    String name = space < 0 ? text : text.substring(0, space);
    if (!isCommandName(name)) {
      return new Command.Malformed("", "line does not begin with a command in capital letters");
    }
    Optional<String> arguments =
        space < 0 ? Optional.empty() : Optional.of(text.substring(space + 1));
    return switch (name) {
      case "AUTH" -> auth(arguments.orElse(""));
      case "DATA" -> data(arguments.orElse(""));
      case "CANCEL" -> alone(name, arguments, new Command.Cancel());
      case "BEGIN" -> alone(name, arguments, new Command.Begin());
      case "NEGOTIATE_UNIX_FD" -> alone(name, arguments, new Command.NegotiateUnixFd());
      case "AGREE_UNIX_FD" -> alone(name, arguments, new Command.AgreeUnixFd());
      case "ERROR" -> new Command.Error(arguments.filter(it -> !it.isEmpty()));
      case "OK" -> ok(arguments.orElse(""));
      case "REJECTED" -> rejected(arguments.orElse(""));
      default -> new Command.Unknown(name, arguments);
    };
  }

  private static Command auth(String arguments) {
    if (arguments.isEmpty()) {
      return new Command.Auth(Optional.empty(), Optional.empty());
    }
    int space = arguments.indexOf(' ');
    if (space == 0) {
      return new Command.Malformed("AUTH", "more than one space before the mechanism");
    }
    if (space < 0) {
      return new Command.Auth(Optional.of(arguments), Optional.empty());
    }
    String mechanism = arguments.substring(0, space);
    // Two arguments at most: a further space is no hex digit.
    return Payload.ofHex(arguments.substring(space + 1))
        .<Command>map(response ->
            new Command.Auth(
                Optional.of(mechanism), Optional.of(response).filter(it -> !it.isEmpty())))
        .orElseGet(
            () -> new Command.Malformed("AUTH", "initial response is not pairs of hex digits"));
  }

  private static Command data(String argument) {
    return Payload.ofHex(argument)
        .<Command>map(Command.Data::new)
        .orElseGet(() -> new Command.Malformed("DATA", "argument is not pairs of hex digits"));
  }

  private static Command alone(String name, Optional<String> arguments, Command command) {
    return arguments.isEmpty() ? command : new Command.Malformed(name, "takes no argument");
  }

  private static Command ok(String argument) {
    return Guid.tryParse(argument)
        .<Command>map(Command.Ok::new)
        .orElseGet(() -> new Command.Malformed("OK", "needs exactly one guid of 32 hex digits"));
  }

  private static Command rejected(String arguments) {
    if (arguments.isEmpty()) {
      return new Command.Rejected(List.of());
    }
    List<String> mechanisms = List.of(arguments.split(" ", -1));
    if (mechanisms.contains("")) {
      return new Command.Malformed("REJECTED", "more than one space between mechanisms");
    }
    return new Command.Rejected(mechanisms);
  }

  static boolean isKnown(String name) {
    return KNOWN.contains(name);
  }

  static boolean isCommandName(String name) {
    return !name.isEmpty()
        && isCapital(name.charAt(0))
        && name.chars().allMatch(c -> isCapital(c) || c == '_' || (c >= '0' && c <= '9'));
  }

  private static boolean isCapital(int c) {
    return c >= 'A' && c <= 'Z';
  }

  static boolean isPrintableAscii(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  static void requireWord(String what, String word) {
    if (word.isEmpty() || word.indexOf(' ') >= 0 || !isPrintableAscii(word)) {
      throw new IllegalArgumentException(what + " must be printable ASCII without spaces");
    }
  }
}
