package dbus.testkit.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server's states as the specification's tables have them, written down a second time, over
/// plain text. It shares no code with the library.
final class ServerModel {
  enum State {
    AUTH,
    DATA,
    BEGIN,
    AUTHENTICATED,
    CLOSED
  }

  private static final Pattern LINE = Pattern.compile("([A-Z][A-Z_0-9]*)(?: ([ -~]*))?");
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2})*");

  private final Setup setup;
  private final List<String> offered = new ArrayList<>();
  private State state = State.AUTH;
  private String mechanism = "";
  private boolean fds;
  private int rejected;
  private int errors;

  /// What a server is set up with.
  ///
  /// @param socket the uid of the socket, or empty if unknown
  /// @param admitsSocket whether the policy admits that user
  /// @param admitsSelf whether the policy admits the server's own user
  /// @param anonymous whether the policy admits nobody in particular
  /// @param authorizes whether the observer agrees
  /// @param fds whether descriptors may be passed
  record Setup(
      String socket,
      boolean admitsSocket,
      boolean admitsSelf,
      boolean anonymous,
      boolean authorizes,
      boolean fds) {}

  ServerModel(Setup setup) {
    this.setup = setup;
    if (!setup.socket().isEmpty()) {
      offered.add("EXTERNAL");
    }
    offered.add("DBUS_COOKIE_SHA1");
    if (setup.anonymous()) {
      offered.add("ANONYMOUS");
    }
  }

  State state() {
    return state;
  }

  String mechanism() {
    return mechanism;
  }

  boolean fds() {
    return fds;
  }

  /// What is answered to a line: `ERROR`, `OK`, `DATA`, `CHALLENGE`, `AGREE_UNIX_FD`, the whole
  /// line `REJECTED …`, or nothing.
  ///
  /// @param proof whether the line's data are the right answer to the last challenge
  String answer(String line, boolean proof) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return error();
    }
    String argument = parts.group(2) == null ? "" : parts.group(2);
    boolean bare = parts.group(2) == null;
    return switch (parts.group(1)) {
      case "AUTH" -> auth(argument);
      case "DATA" ->
          state == State.DATA && HEX.matcher(argument).matches()
              ? step(decode(argument), true, proof)
              : error();
      case "CANCEL" -> bare && state != State.AUTH ? reject() : error();
      case "ERROR" -> reject();
      case "BEGIN" -> bare ? begin() : error();
      case "NEGOTIATE_UNIX_FD" -> {
        if (!bare || state != State.BEGIN || !setup.fds()) {
          yield error();
        }
        fds = true;
        yield "AGREE_UNIX_FD";
      }
      default -> error();
    };
  }

  private String auth(String arguments) {
    if (state != State.AUTH) {
      return error();
    }
    String[] words = arguments.split(" ", 2);
    boolean wellFormed =
        arguments.isEmpty()
            || (!words[0].isEmpty() && (words.length < 2 || HEX.matcher(words[1]).matches()));
    if (!wellFormed) {
      return error();
    }
    if (!offered.contains(words[0])) {
      return reject();
    }
    mechanism = words[0];
    boolean said = words.length == 2 && !words[1].isEmpty();
    return step(said ? decode(words[1]) : new byte[0], said, false);
  }

  private String step(byte[] said, boolean anything, boolean proof) {
    String text = text(said);
    return switch (mechanism) {
      case "EXTERNAL" -> {
        if (!anything) {
          state = State.DATA;
          yield "DATA";
        }
        yield said.length == 0 || text.equals(setup.socket())
            ? admit(setup.admitsSocket())
            : reject();
      }
      case "DBUS_COOKIE_SHA1" -> {
        if (state == State.DATA) {
          yield proof ? admit(setup.admitsSelf()) : reject();
        }
        if (!text.equals(SharedKeyring.OWN_UID)) {
          yield reject();
        }
        state = State.DATA;
        yield "CHALLENGE";
      }
      default -> text.equals(NOT_TEXT) ? reject() : admit(true);
    };
  }

  private String admit(boolean admitted) {
    if (!admitted) {
      return reject();
    }
    if (!setup.authorizes()) {
      String answer = reject();
      state = State.CLOSED;
      return answer;
    }
    state = State.BEGIN;
    fds = false;
    return "OK";
  }

  private String begin() {
    state = state == State.BEGIN ? State.AUTHENTICATED : State.CLOSED;
    return "";
  }

  private String reject() {
    state = ++rejected == 6 ? State.CLOSED : State.AUTH;
    return "REJECTED " + String.join(" ", offered);
  }

  private String error() {
    if (++errors == 64) {
      state = State.CLOSED;
    }
    return "ERROR";
  }

  private static final String NOT_TEXT = "not a text";

  private static byte[] decode(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return NOT_TEXT;
    }
  }
}
