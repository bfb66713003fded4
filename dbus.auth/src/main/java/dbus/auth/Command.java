package dbus.auth;

import dbus.address.Guid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// One line of the authentication protocol.
///
/// [#parse(byte\[\])] is the only parser and [#encode()] the only printer; both sides use them. A
/// line is a name, then perhaps one space and arguments. There is one spelling of each command: no
/// tabs, no second space, no space in front. A space at the very end stands for an empty argument
/// (AUTH-05), which `AUTH MECHANISM ` and `DATA ` may have.
///
/// What the strictness means for arguments that a command does not have: `BEGIN x` and
/// `NEGOTIATE_UNIX_FD x` are [Malformed] and are answered with `ERROR`, never taken for the command
/// (AUTH-20).
///
/// Values of this type are immutable. Their `toString` shows no payload, so that they can be
/// logged.
///
/// D-Bus Specification, "Protocol Overview" up to "NEGOTIATE_UNIX_FD Command".
public sealed interface Command {

  /// Client: begin with this mechanism. Without a mechanism it asks for the list.
  ///
  /// @param mechanism the mechanism's name, which need not be one that exists
  /// @param initialResponse what the mechanism says unasked; only with a mechanism, and never an
  ///   empty payload: the line has no way to tell that from none
  record Auth(Optional<String> mechanism, Optional<Payload> initialResponse) implements Command {
    /// Checks that a response has its mechanism and is not empty, and that the name can be written.
    ///
    /// @throws IllegalArgumentException otherwise
    public Auth {
      mechanism.ifPresent(name -> CommandParser.requireWord("mechanism", name));
      if (initialResponse.isPresent() && mechanism.isEmpty()) {
        throw new IllegalArgumentException("AUTH: an initial response needs a mechanism");
      }
      if (initialResponse.filter(Payload::isEmpty).isPresent()) {
        throw new IllegalArgumentException("AUTH: an empty initial response cannot be written");
      }
    }

    @Override
    public String toString() {
      return "AUTH"
          + mechanism.map(name -> " " + name).orElse("")
          + initialResponse.map(response -> " " + response).orElse("");
    }
  }

  /// Either side: a mechanism's challenge or response.
  ///
  /// @param payload the bytes; empty for a bare `DATA`
  record Data(Payload payload) implements Command {
    @Override
    public String toString() {
      return payload.isEmpty() ? "DATA" : "DATA " + payload;
    }
  }

  /// Client: give up the mechanism in progress, or the identity just accepted.
  record Cancel() implements Command {
    @Override
    public String toString() {
      return "CANCEL";
    }
  }

  /// Client: from the next byte on there are messages.
  record Begin() implements Command {
    @Override
    public String toString() {
      return "BEGIN";
    }
  }

  /// Client: may descriptors be passed?
  record NegotiateUnixFd() implements Command {
    @Override
    public String toString() {
      return "NEGOTIATE_UNIX_FD";
    }
  }

  /// Server: descriptors may be passed.
  record AgreeUnixFd() implements Command {
    @Override
    public String toString() {
      return "AGREE_UNIX_FD";
    }
  }

  /// Either side: the last line was not understood, or cannot be followed.
  ///
  /// @param text an explanation for people, in printable ASCII; some peers put it in quotes, which
  ///   are then part of it
  // The protocol's own name for it; always written Command.Error.
  @SuppressWarnings("AvoidCommonTypeNames")
  record Error(Optional<String> text) implements Command {
    /// Checks that the text can be written.
    ///
    /// @throws IllegalArgumentException if it holds anything but printable ASCII, or is empty
    public Error {
      text.ifPresent(it -> {
        if (it.isEmpty() || !CommandParser.isPrintableAscii(it)) {
          throw new IllegalArgumentException("ERROR: text must be printable ASCII, not empty");
        }
      });
    }

    /// The line `ERROR` alone.
    public static Error bare() {
      return new Error(Optional.empty());
    }

    /// `ERROR` with this text in quotes, as the reference implementation writes it.
    static Error of(String text) {
      return new Error(Optional.of('"' + text + '"'));
    }

    @Override
    public String toString() {
      return text.map(it -> "ERROR " + it).orElse("ERROR");
    }
  }

  /// Server: the client is who it says.
  ///
  /// @param guid the server's identity
  record Ok(Guid guid) implements Command {
    @Override
    public String toString() {
      return "OK " + guid;
    }
  }

  /// Server: not so; these mechanisms may be tried.
  ///
  /// @param mechanisms the names in the server's order of preference; an empty list is read, and
  ///   written only by a server that offers nothing and is about to hang up
  record Rejected(List<String> mechanisms) implements Command {
    /// Copies the list and checks that the names can be written.
    ///
    /// @throws IllegalArgumentException if one of them is empty, or holds a space or anything but
    ///   printable ASCII
    public Rejected {
      mechanisms = List.copyOf(mechanisms);
      mechanisms.forEach(name -> CommandParser.requireWord("mechanism", name));
    }

    @Override
    public String toString() {
      return mechanisms.isEmpty() ? "REJECTED" : "REJECTED " + String.join(" ", mechanisms);
    }
  }

  /// A well-formed line whose command this library does not know, such as an `EXTENSION_…` of
  /// somebody else. It is answered with `ERROR` (AUTH-17).
  ///
  /// @param name the command, `[A-Z][A-Z_0-9]*`
  /// @param arguments what follows the first space; empty if there is no space
  record Unknown(String name, Optional<String> arguments) implements Command {
    /// Checks that name and arguments can be written, and that the name is none of the known ones.
    ///
    /// @throws IllegalArgumentException otherwise
    public Unknown {
      if (!CommandParser.isCommandName(name) || CommandParser.isKnown(name)) {
        throw new IllegalArgumentException("not the name of an unknown command: " + name);
      }
      arguments.ifPresent(it -> {
        if (!CommandParser.isPrintableAscii(it)) {
          throw new IllegalArgumentException(name + ": arguments must be printable ASCII");
        }
      });
    }

    /// The name and the size of the arguments, whose meaning is unknown and may be secret.
    @Override
    public String toString() {
      return name + arguments.map(it -> " (" + it.length() + " characters)").orElse("");
    }
  }

  /// A line that is no command: a byte outside printable ASCII, a name in lower case, bad hex, too
  /// many arguments. It is answered with `ERROR` and has no other effect (AUTH-16).
  ///
  /// @param name the command that the line set out to be, or an empty text if that cannot be told
  /// @param problem what is wrong, without anything that the peer wrote
  record Malformed(String name, String problem) implements Command {
    @Override
    public String toString() {
      return (name.isEmpty() ? "malformed line" : "malformed " + name) + ": " + problem;
    }
  }

  /// Reads one line. Every input has a result: what is no command is [Malformed].
  ///
  /// @param line the bytes of the line, without the CR LF at its end
  static Command parse(byte[] line) {
    return CommandParser.parse(line);
  }

  /// The line to send, with its CR LF. Hex is in lower case; there is never a space at the end
  /// (AUTH-07).
  ///
  /// @throws IllegalStateException if this is a [Malformed], which is only ever received
  default byte[] encode() {
    String line =
        switch (this) {
          case Auth(Optional<String> mechanism, Optional<Payload> response) ->
              "AUTH"
                  + mechanism.map(name -> " " + name).orElse("")
                  + response.map(payload -> " " + payload.hex()).orElse("");
          case Data(Payload payload) -> payload.isEmpty() ? "DATA" : "DATA " + payload.hex();
          case Unknown(String name, Optional<String> arguments) ->
              name + arguments.map(it -> " " + it).orElse("");
          case Malformed malformed ->
              throw new IllegalStateException(malformed + ": a malformed line is never sent");
          case Cancel _, Begin _, NegotiateUnixFd _, AgreeUnixFd _, Error _, Ok _, Rejected _ ->
              toString();
        };
    return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }
}
