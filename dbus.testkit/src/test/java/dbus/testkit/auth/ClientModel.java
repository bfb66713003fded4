package dbus.testkit.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The client's states as the specification's tables have them, written down a second time, over
/// plain text. It shares no code with the library.
final class ClientModel {
  enum State {
    DATA,
    OK,
    REJECT,
    AGREE,
    AUTHENTICATED,
    CLOSED
  }

  private static final Pattern LINE = Pattern.compile("([A-Z][A-Z_0-9]*)(?: ([ -~]*))?");
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2})*");
  private static final Pattern GUID = Pattern.compile("[0-9a-fA-F]{32}");

  /// The challenge that the keyring of the test has a cookie for.
  static final String CHALLENGE = SharedKeyring.CONTEXT + " " + SharedKeyring.ID + " abc";

  private final boolean wantsFds;
  private final List<String> untried;
  private final boolean pipelined;
  private boolean askedEarly;
  private boolean passesOver;
  private String mechanism = "";
  private State state = State.CLOSED;
  private boolean fds;

  /// @param mechanisms in order. `EXTERNAL` claims nothing, and so begins in WaitingForData
  /// @param pipelined whether descriptors are asked for together with the first `AUTH`, if that
  ///   needs no challenge
  ClientModel(List<String> mechanisms, boolean wantsFds, boolean pipelined) {
    this.wantsFds = wantsFds;
    this.pipelined = pipelined;
    untried = new ArrayList<>(mechanisms);
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

  /// What is said first.
  String begin() {
    String first = next(untried);
    askedEarly = pipelined && wantsFds && state == State.OK;
    return askedEarly ? first + "\r\nNEGOTIATE_UNIX_FD" : first;
  }

  /// What is answered to a line: `ANSWER` for data with a digest, the line itself, or nothing.
  String answer(String line) {
    Matcher parts = LINE.matcher(line);
    String name = parts.matches() ? parts.group(1) : "";
    boolean bare = parts.matches() && parts.group(2) == null;
    String argument = parts.matches() && !bare ? parts.group(2) : "";
    boolean wellFormed =
        switch (name) {
          case "DATA" -> HEX.matcher(argument).matches();
          case "OK" -> GUID.matcher(argument).matches();
          case "REJECTED" -> argument.isEmpty() || !List.of(argument.split(" ", -1)).contains("");
          case "ERROR" -> true;
          default -> bare;
        };
    if (passesOver) {
      passesOver = false;
      return name.equals("ERROR") && wellFormed ? "" : close();
    }
    return switch (state) {
      case DATA, OK -> waiting(name, argument, wellFormed);
      case REJECT ->
          name.equals("REJECTED") && wellFormed ? next(List.of(argument.split(" "))) : close();
      case AGREE ->
          switch (name) {
            case "AGREE_UNIX_FD" -> wellFormed ? done(true) : close();
            case "ERROR" -> done(false);
            default -> close();
          };
      case AUTHENTICATED, CLOSED -> throw new AssertionError("over");
    };
  }

  private String waiting(String name, String argument, boolean wellFormed) {
    return switch (name) {
      case "OK" -> wellFormed ? ok() : close();
      case "REJECTED" -> {
        if (!wellFormed) {
          yield "ERROR";
        }
        refuseEarlyQuestion();
        yield next(List.of(argument.split(" ")));
      }
      case "ERROR" -> cancel();
      case "DATA" -> {
        if (!wellFormed) {
          yield "ERROR";
        }
        yield state == State.OK ? cancel() : challenged(argument);
      }
      default -> "ERROR";
    };
  }

  private String challenged(String argument) {
    boolean known =
        mechanism.equals("EXTERNAL")
            ? argument.isEmpty()
            : argument.equalsIgnoreCase(AuthArbitraries.hex(CHALLENGE));
    if (!known) {
      return "ERROR";
    }
    state = State.OK;
    return mechanism.equals("EXTERNAL") ? "DATA" : "ANSWER";
  }

  private String ok() {
    if (!wantsFds) {
      return done(false);
    }
    state = State.AGREE;
    return askedEarly ? "" : "NEGOTIATE_UNIX_FD";
  }

  private String done(boolean agreed) {
    fds = agreed;
    state = State.AUTHENTICATED;
    return "BEGIN";
  }

  private String cancel() {
    refuseEarlyQuestion();
    state = State.REJECT;
    return "CANCEL";
  }

  /// Without an identity the server answers the early question with `ERROR`, which is still to
  /// come.
  private void refuseEarlyQuestion() {
    passesOver = askedEarly;
    askedEarly = false;
  }

  private String close() {
    state = State.CLOSED;
    return "";
  }

  private String next(List<String> offered) {
    for (String candidate : List.copyOf(untried)) {
      if (offered.contains(candidate)) {
        untried.remove(candidate);
        mechanism = candidate;
        state = candidate.equals("ANONYMOUS") ? State.OK : State.DATA;
        return switch (candidate) {
          case "DBUS_COOKIE_SHA1" ->
              "AUTH DBUS_COOKIE_SHA1 " + AuthArbitraries.hex(SharedKeyring.OWN_UID);
          case "ANONYMOUS" -> "AUTH ANONYMOUS " + AuthArbitraries.hex("t");
          default -> "AUTH EXTERNAL";
        };
      }
    }
    return close();
  }
}
