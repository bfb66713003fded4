package dbus.auth;

import dbus.address.Guid;
import dbus.auth.ClientMechanism.Continue;
import dbus.auth.ClientMechanism.Exchange;
import dbus.auth.ClientMechanism.Finish;
import dbus.auth.ClientMechanism.GiveUp;
import dbus.auth.ClientMechanism.Step;
import dbus.auth.Command.AgreeUnixFd;
import dbus.auth.Command.Auth;
import dbus.auth.Command.Begin;
import dbus.auth.Command.Cancel;
import dbus.auth.Command.Data;
import dbus.auth.Command.Malformed;
import dbus.auth.Command.NegotiateUnixFd;
import dbus.auth.Command.Ok;
import dbus.auth.Command.Rejected;
import dbus.auth.Command.Unknown;
import dbus.auth.HandshakeStatus.Authenticated;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The client's side of the handshake. It speaks first: what [#takeOutput()] gives right after it
/// was built is the NUL and the first `AUTH`. If no mechanism can be used at all, it has failed
/// already.
///
/// | received | WaitingForData | WaitingForOK | WaitingForReject | WaitingForAgreeUnixFD |
/// | --- | --- | --- | --- | --- |
/// | `DATA` | `DATA` with the response, stay or to WaitingForOK; none: `ERROR` | `CANCEL`, to WaitingForReject | end | end |
/// | `REJECTED` | `AUTH` with the next mechanism, or end | same | same | end |
/// | `ERROR` | `CANCEL`, to WaitingForReject | same | end | `BEGIN`, **done** without descriptors |
/// | `OK` | `NEGOTIATE_UNIX_FD`, to WaitingForAgreeUnixFD; or `BEGIN`, **done** | same | end | end |
/// | `AGREE_UNIX_FD` | `ERROR` | `ERROR` | end | `BEGIN`, **done** with descriptors |
/// | `OK` without one guid | end | end | end | end |
/// | anything else | `ERROR` | `ERROR` | end | end |
///
/// By default the client waits for each answer, because there are middlemen that like nothing else
/// (PEER-21). With [Builder#pipelined(boolean)] `NEGOTIATE_UNIX_FD` goes out together with the
/// first `AUTH`, and one round trip is enough. `BEGIN` is never sent ahead of `OK`. So a rejection
/// still finds a server that will listen to the next mechanism; the answer to the request that came
/// too early, an `ERROR`, is expected and passed over.
///
/// For threads and for use see [Handshake]. D-Bus Specification, "Client states".
public final class ClientHandshake extends Handshake {

  /// The states of the specification, each with what is known only in it.
  private sealed interface State {
    /// Between two mechanisms; never seen from outside.
    record Choosing() implements State {}

    /// The mechanism expects a challenge.
    record WaitingForData(ClientMechanism mechanism, Exchange exchange) implements State {}

    /// The mechanism has said all it has to say.
    ///
    /// @param negotiating whether NEGOTIATE_UNIX_FD went out together with AUTH
    record WaitingForOk(ClientMechanism mechanism, boolean negotiating) implements State {}

    /// The mechanism was cancelled.
    record WaitingForReject() implements State {}

    /// The server believes, and was asked about descriptors.
    record WaitingForAgreeUnixFd(ClientMechanism mechanism, Guid guid) implements State {}
  }

  /// Bounds what a server can put into the text of a failure.
  private static final int LONGEST_LIST = 200;

  private final Optional<Guid> expectedGuid;
  private final boolean unixFds;
  private final HandshakeLimits limits;
  private final List<ClientMechanism> untried;
  private final List<String> outcomes = new ArrayList<>();

  private State state = new State.Choosing();
  private boolean greeted;
  private boolean pipelined;
  private boolean passOverError;
  private int lines;

  private ClientHandshake(Builder builder) {
    super(builder.limits, builder.trace);
    expectedGuid = builder.expectedGuid;
    unixFds = builder.unixFds;
    limits = builder.limits;
    pipelined = builder.pipelined;
    untried = new ArrayList<>(builder.mechanisms);
    tryNext(Optional.empty());
  }

  /// Begins to describe a handshake.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  boolean awaitsFirstByte() {
    return false;
  }

  @Override
  String stateName() {
    return switch (state) {
      case State.Choosing _ -> "Choosing";
      case State.WaitingForData _ -> "WaitingForData";
      case State.WaitingForOk _ -> "WaitingForOK";
      case State.WaitingForReject _ -> "WaitingForReject";
      case State.WaitingForAgreeUnixFd _ -> "WaitingForAgreeUnixFD";
    };
  }

  @Override
  void onFirstByte(byte first) {
    throw new AssertionError("a server's first byte belongs to a line");
  }

  @Override
  void onCommand(Command command) {
    lines++;
    if (lines > limits.serverLines()) {
      fail(FailureReason.TOO_MANY_LINES, "the server sent more than " + limits.serverLines());
      return;
    }
    if (passOverError) {
      passOverError = false;
      if (!(command instanceof Command.Error)) {
        unexpected(command, "as the answer to an early NEGOTIATE_UNIX_FD");
      }
      return;
    }
    switch (state) {
      case State.Choosing _ -> throw new AssertionError("a line while no mechanism was chosen");
      case State.WaitingForData data -> waitingForData(command, data);
      case State.WaitingForOk ok -> waitingForOk(command, ok);
      case State.WaitingForReject _ -> waitingForReject(command);
      case State.WaitingForAgreeUnixFd(ClientMechanism mechanism, Guid guid) ->
          waitingForAgreeUnixFd(command, mechanism, guid);
    }
  }

  private void waitingForData(Command command, State.WaitingForData data) {
    switch (command) {
      case Data(Payload challenge) -> answer(data, challenge);
      case Rejected(List<String> offered) -> rejected(data.mechanism(), offered);
      case Command.Error _ -> cancel(data.mechanism().kind() + ": the server sent ERROR");
      case Ok(Guid guid) -> ok(data.mechanism(), guid, false);
      case Malformed(String name, _) when name.equals("OK") -> badOk();
      case Auth _, Cancel _, Begin _, NegotiateUnixFd _, AgreeUnixFd _, Unknown _, Malformed _ ->
          send(Command.Error.bare());
    }
  }

  private void waitingForOk(Command command, State.WaitingForOk ok) {
    ClientMechanism mechanism = ok.mechanism();
    switch (command) {
      case Ok(Guid guid) -> ok(mechanism, guid, ok.negotiating());
      case Data _ -> {
        passOverError = ok.negotiating();
        cancel(mechanism.kind() + ": the server wants more than there is");
      }
      case Command.Error _ -> {
        passOverError = ok.negotiating();
        cancel(mechanism.kind() + ": the server sent ERROR");
      }
      case Rejected(List<String> offered) -> {
        passOverError = ok.negotiating();
        rejected(mechanism, offered);
      }
      case Malformed(String name, _) when name.equals("OK") -> badOk();
      case Auth _, Cancel _, Begin _, NegotiateUnixFd _, AgreeUnixFd _, Unknown _, Malformed _ ->
          send(Command.Error.bare());
    }
  }

  private void waitingForReject(Command command) {
    switch (command) {
      case Rejected(List<String> offered) -> tryNext(Optional.of(offered));
      default -> unexpected(command, "as the answer to CANCEL");
    }
  }

  private void waitingForAgreeUnixFd(Command command, ClientMechanism mechanism, Guid guid) {
    switch (command) {
      case AgreeUnixFd _ -> begin(mechanism, guid, true);
      case Command.Error _ -> begin(mechanism, guid, false);
      default -> unexpected(command, "as the answer to NEGOTIATE_UNIX_FD");
    }
  }

  private void answer(State.WaitingForData data, Payload challenge) {
    Step step;
    try {
      step = data.exchange().answer(challenge);
    } catch (RuntimeException thrown) {
      threw(data.mechanism(), thrown);
      return;
    }
    switch (step) {
      case Continue(Optional<Payload> response) -> send(new Data(response.orElse(Payload.EMPTY)));
      case Finish(Optional<Payload> response) -> {
        state = new State.WaitingForOk(data.mechanism(), false);
        send(new Data(response.orElse(Payload.EMPTY)));
      }
      case GiveUp(String reason) -> {
        outcomes.add(reason);
        send(Command.Error.bare());
      }
    }
  }

  private void ok(ClientMechanism mechanism, Guid guid, boolean negotiating) {
    if (expectedGuid.isPresent() && !expectedGuid.get().equals(guid)) {
      fail(
          FailureReason.WRONG_GUID,
          "the server's guid is " + guid + ", not " + expectedGuid.get() + " as in its address");
    } else if (!unixFds) {
      begin(mechanism, guid, false);
    } else {
      state = new State.WaitingForAgreeUnixFd(mechanism, guid);
      if (!negotiating) {
        send(new NegotiateUnixFd());
      }
    }
  }

  private void begin(ClientMechanism mechanism, Guid guid, boolean agreed) {
    send(new Begin());
    succeed(new Authenticated(mechanism.name(), Optional.empty(), guid, agreed, Optional.empty()));
  }

  private void cancel(String outcome) {
    outcomes.add(outcome);
    state = new State.WaitingForReject();
    send(new Cancel());
  }

  private void rejected(ClientMechanism mechanism, List<String> offered) {
    outcomes.add(mechanism.kind() + ": rejected");
    tryNext(Optional.of(offered));
  }

  private void badOk() {
    fail(FailureReason.BAD_OK, "OK of the server does not carry one guid of 32 hex digits");
  }

  private void unexpected(Command command, String where) {
    fail(
        FailureReason.UNEXPECTED_LINE,
        "the server sent a line of type " + command.getClass().getSimpleName() + " " + where);
  }

  private void threw(ClientMechanism mechanism, RuntimeException thrown) {
    fail(
        FailureReason.EXCEPTION,
        mechanism.kind() + " threw " + thrown.getClass().getName(),
        Optional.of(thrown));
  }

  /// Starts the next mechanism that was not tried yet, that the server offers, as far as that is
  /// known, and that can be used here.
  private void tryNext(Optional<List<String>> offered) {
    state = new State.Choosing();
    List<ClientMechanism> candidates =
        untried.stream()
            .filter(it -> offered.isEmpty() || offered.get().contains(it.name()))
            .toList();
    for (ClientMechanism candidate : candidates) {
      untried.remove(candidate);
      if (start(candidate)) {
        return;
      }
    }
    fail(FailureReason.NO_MECHANISM, exhausted(offered));
  }

  /// Whether the mechanism has begun, or the handshake has failed in trying.
  private boolean start(ClientMechanism mechanism) {
    Exchange exchange;
    Step step;
    try {
      exchange = mechanism.start();
      step = exchange.begin();
    } catch (RuntimeException thrown) {
      threw(mechanism, thrown);
      return true;
    }
    switch (step) {
      case Continue(Optional<Payload> response) -> {
        state = new State.WaitingForData(mechanism, exchange);
        sendAuth(mechanism.name(), response);
      }
      case Finish(Optional<Payload> response) -> {
        boolean negotiating = pipelined && unixFds;
        state = new State.WaitingForOk(mechanism, negotiating);
        sendAuth(mechanism.name(), response);
        if (negotiating) {
          send(new NegotiateUnixFd());
        }
      }
      case GiveUp(String reason) -> {
        outcomes.add(reason);
        return false;
      }
    }
    // Only the first attempt is worth a guess.
    pipelined = false;
    return true;
  }

  private void sendAuth(String mechanism, Optional<Payload> response) {
    if (!greeted) {
      greeted = true;
      sendNul();
    }
    send(new Auth(Optional.of(mechanism), response.filter(it -> !it.isEmpty())));
  }

  private String exhausted(Optional<List<String>> offered) {
    StringBuilder text = new StringBuilder("no mechanism is left");
    outcomes.forEach(outcome -> text.append("; ").append(outcome));
    untried.forEach(it -> text.append("; ").append(it.kind()).append(": not offered"));
    offered.ifPresent(names -> {
      String list = String.join(" ", names);
      text.append("; the server offers: ")
          .append(list.length() > LONGEST_LIST ? list.substring(0, LONGEST_LIST) + "…" : list);
    });
    return text.toString();
  }

  /// Describes a handshake of a client.
  public static final class Builder extends HandshakeBuilder<Builder> {
    private List<ClientMechanism> mechanisms = ClientMechanism.usual();
    private Optional<Guid> expectedGuid = Optional.empty();
    private boolean pipelined;

    private Builder() {}

    /// The mechanisms in the order in which they are tried, each at most once. By default those of
    /// [ClientMechanism#usual()] (AUTH-60); ANONYMOUS is used only if it is named here.
    ///
    /// @throws IllegalArgumentException if there is none, one occurs twice
    ///   ([ClientMechanism#kind()]), or a name is not a SASL mechanism's
    public Builder mechanisms(List<ClientMechanism> inOrder) {
      MechanismNames.checkClient(inOrder);
      mechanisms = List.copyOf(inOrder);
      return this;
    }

    /// The guid of the server's address. A server with another one is not talked to. By default any
    /// server will do.
    public Builder expectedGuid(Guid guid) {
      expectedGuid = Optional.of(guid);
      return this;
    }

    /// Whether to ask for descriptors together with the first `AUTH`, which saves a round trip; not
    /// by default. A server that does not like it may hang up: then connect anew without.
    public Builder pipelined(boolean atOnce) {
      pipelined = atOnce;
      return this;
    }

    /// A handshake whose first bytes are ready to be taken.
    @Override
    public ClientHandshake build() {
      return new ClientHandshake(this);
    }

    @Override
    Builder self() {
      return this;
    }
  }
}
