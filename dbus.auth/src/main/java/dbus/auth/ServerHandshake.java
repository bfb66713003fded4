package dbus.auth;

import dbus.address.Guid;
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
import dbus.auth.ServerMechanism.Accept;
import dbus.auth.ServerMechanism.Challenge;
import dbus.auth.ServerMechanism.Exchange;
import dbus.auth.ServerMechanism.Reject;
import dbus.auth.ServerMechanism.Step;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;

/// The server's side of the handshake.
///
/// | received | WaitingForAuth | WaitingForData | WaitingForBegin |
/// | --- | --- | --- | --- |
/// | `AUTH` alone, or with a mechanism not offered | `REJECTED` | `ERROR` | `ERROR` |
/// | `AUTH`, the mechanism goes on | `DATA`, to WaitingForData | `ERROR` | `ERROR` |
/// | `AUTH`, the mechanism accepts | policy, then `OK`, to WaitingForBegin | `ERROR` | `ERROR` |
/// | `AUTH`, the mechanism rejects | `REJECTED` | `ERROR` | `ERROR` |
/// | `DATA` | `ERROR` | as the mechanism says, like `AUTH` | `ERROR` |
/// | `CANCEL` | `ERROR` | `REJECTED`, to WaitingForAuth | `REJECTED`, to WaitingForAuth |
/// | `ERROR` | `REJECTED` | `REJECTED`, to WaitingForAuth | `REJECTED`, to WaitingForAuth |
/// | `NEGOTIATE_UNIX_FD` | `ERROR` | `ERROR` | `AGREE_UNIX_FD` or `ERROR` |
/// | `BEGIN` | end | end | **authenticated** |
/// | anything else | `ERROR` | `ERROR` | `ERROR` |
///
/// After `ERROR` the state is as if the line had never come (AUTH-16). `REJECTED` and `ERROR` are
/// counted, and the last one that the limit allows ends the handshake. What a state needs to know
/// is held by the state itself, so an identity that is withdrawn is gone.
///
/// The order of decisions (AUTH-54): the observer allows mechanisms, once; a mechanism succeeds;
/// the policy admits its identity; the observer authorises the peer; `OK` is queued. An identity
/// that the policy does not admit is rejected like a failed mechanism, so that a client may still
/// become anonymous where that is allowed. A "no" of the observer is final: `REJECTED`, and the
/// end.
///
/// For threads and for use see [Handshake]. D-Bus Specification, "Server states".
public final class ServerHandshake extends Handshake {

  /// The states of the specification, each with what is known only in it.
  private sealed interface State {
    /// Before the first byte.
    record WaitingForNul() implements State {}

    /// Nobody has proved anything.
    record WaitingForAuth() implements State {}

    /// A mechanism has sent a challenge.
    record WaitingForData(ServerMechanism mechanism, Exchange exchange) implements State {}

    /// The client is authenticated and has been told so.
    record WaitingForBegin(PeerInfo peer, boolean unixFds) implements State {}
  }

  private final Guid guid;
  private final Credentials socket;
  private final Optional<SocketAddress> address;
  private final AuthPolicy policy;
  private final boolean unixFds;
  private final HandshakeLimits limits;

  /// The mechanisms that this connection could use; once the NUL has come, those that are offered.
  private List<ServerMechanism> mechanisms;

  private State state = new State.WaitingForNul();
  private Optional<Throwable> observerFailure = Optional.empty();
  private int rejections;
  private int errors;

  private ServerHandshake(Builder builder, List<ServerMechanism> admitted) {
    super(builder.limits, builder.trace);
    guid = builder.guid;
    socket = builder.socket;
    address = builder.address;
    policy = builder.policy;
    unixFds = builder.unixFds;
    limits = builder.limits;
    mechanisms = admitted;
  }

  /// Begins to describe a handshake.
  ///
  /// @param guid the server's identity, which the client learns with `OK`
  public static Builder builder(Guid guid) {
    return new Builder(guid);
  }

  @Override
  boolean awaitsFirstByte() {
    return state instanceof State.WaitingForNul;
  }

  @Override
  String stateName() {
    return switch (state) {
      case State.WaitingForNul _ -> "WaitingForNul";
      case State.WaitingForAuth _ -> "WaitingForAuth";
      case State.WaitingForData _ -> "WaitingForData";
      case State.WaitingForBegin _ -> "WaitingForBegin";
    };
  }

  @Override
  void onFirstByte(byte first) {
    if (first != 0) {
      fail(FailureReason.NOT_DBUS, "the first byte is not NUL");
      return;
    }
    mechanisms = offered();
    state = new State.WaitingForAuth();
  }

  @Override
  void onCommand(Command command) {
    switch (state) {
      case State.WaitingForNul _ -> throw new AssertionError("a line before the first byte");
      case State.WaitingForAuth _ -> waitingForAuth(command);
      case State.WaitingForData(ServerMechanism mechanism, Exchange exchange) ->
          waitingForData(command, mechanism, exchange);
      case State.WaitingForBegin begin -> waitingForBegin(command, begin);
    }
  }

  private void waitingForAuth(Command command) {
    switch (command) {
      case Auth(Optional<String> name, Optional<Payload> response) -> begin(name, response);
      case Command.Error _ -> reject("the client sent ERROR");
      case Begin _ -> fail(FailureReason.BEGIN_BEFORE_OK, "BEGIN before AUTH succeeded");
      case Data _, Cancel _ -> error("Not expected before AUTH");
      case NegotiateUnixFd _ -> error("Not expected before OK");
      case Ok _, Rejected _, AgreeUnixFd _, Unknown _, Malformed _ -> error(complaint(command));
    }
  }

  private void waitingForData(Command command, ServerMechanism mechanism, Exchange exchange) {
    switch (command) {
      case Data(Payload payload) -> step(mechanism, exchange, Optional.of(payload));
      case Cancel _ -> reject("the client sent CANCEL");
      case Command.Error _ -> reject("the client sent ERROR");
      case Begin _ -> fail(FailureReason.BEGIN_BEFORE_OK, "BEGIN before AUTH succeeded");
      case Auth _ -> error("Another AUTH is in progress");
      case NegotiateUnixFd _ -> error("Not expected before OK");
      case Ok _, Rejected _, AgreeUnixFd _, Unknown _, Malformed _ -> error(complaint(command));
    }
  }

  private void waitingForBegin(Command command, State.WaitingForBegin begin) {
    PeerInfo peer = begin.peer();
    switch (command) {
      case Begin _ ->
          succeed(
              new Authenticated(
                  peer.mechanism(), peer.identity(), guid, begin.unixFds(), peer.trace()));
      case Cancel _ -> reject("the client sent CANCEL after OK");
      case Command.Error _ -> reject("the client sent ERROR after OK");
      case NegotiateUnixFd _ -> negotiateUnixFd(peer);
      case Auth _, Data _ -> error("Already authenticated, expecting BEGIN");
      case Ok _, Rejected _, AgreeUnixFd _, Unknown _, Malformed _ -> error(complaint(command));
    }
  }

  private void begin(Optional<String> name, Optional<Payload> response) {
    if (name.isEmpty()) {
      reject("the client asked for the mechanisms");
      return;
    }
    Optional<ServerMechanism> mechanism =
        mechanisms.stream().filter(it -> it.name().equals(name.get())).findFirst();
    if (mechanism.isEmpty()) {
      reject("the client asked for a mechanism that is not offered");
      return;
    }
    Exchange exchange;
    try {
      exchange = mechanism.get().start(socket);
    } catch (RuntimeException thrown) {
      end(mechanism.get().name(), thrown);
      return;
    }
    step(mechanism.get(), exchange, response);
  }

  private void step(ServerMechanism mechanism, Exchange exchange, Optional<Payload> response) {
    Step step;
    try {
      step = exchange.respond(response);
    } catch (RuntimeException thrown) {
      end(mechanism.name(), thrown);
      return;
    }
    switch (step) {
      case Challenge(Payload payload) -> {
        state = new State.WaitingForData(mechanism, exchange);
        send(new Data(payload));
      }
      case Accept(Optional<Credentials> identity, Optional<String> trace) ->
          authorize(
              new PeerInfo(
                  mechanism.name(), identity.filter(Credentials::hasUser), socket, address, trace));
      case Reject(String reason) -> reject(reason);
    }
  }

  private void authorize(PeerInfo peer) {
    if (!policy.admits(peer.identity())) {
      String who = peer.identity().map(Credentials::toString).orElse("an anonymous client");
      reject(peer.mechanism() + ": the policy does not admit " + who);
      return;
    }
    boolean agreed;
    try {
      agreed = policy.observer().authorize(peer);
    } catch (RuntimeException thrown) {
      end("the observer's authorize", thrown);
      return;
    }
    if (!agreed) {
      sendRejected();
      fail(FailureReason.REFUSED, "the observer refused a client that used " + peer.mechanism());
      return;
    }
    state = new State.WaitingForBegin(peer, false);
    send(new Ok(guid));
  }

  private void negotiateUnixFd(PeerInfo peer) {
    if (unixFds) {
      state = new State.WaitingForBegin(peer, true);
      send(new AgreeUnixFd());
    } else {
      // Bare, since there is a client that takes no other refusal (AUTH-27).
      error(Command.Error.bare());
    }
  }

  private void reject(String reason) {
    state = new State.WaitingForAuth();
    rejections++;
    sendRejected();
    if (mechanisms.isEmpty()) {
      if (observerFailure.isPresent()) {
        fail(FailureReason.EXCEPTION, "the observer's allowMechanism threw", observerFailure);
      } else {
        fail(FailureReason.NO_MECHANISM, "no mechanism can be offered on this connection");
      }
    } else if (rejections == limits.rejections()) {
      fail(
          FailureReason.TOO_MANY_REJECTIONS,
          "rejected " + rejections + " times, the last time because: " + reason);
    }
  }

  private void sendRejected() {
    send(new Rejected(mechanisms.stream().map(ServerMechanism::name).toList()));
  }

  private void error(String text) {
    error(Command.Error.of(text));
  }

  private void error(Command.Error error) {
    errors++;
    send(error);
    if (errors == limits.errors()) {
      fail(FailureReason.TOO_MANY_ERRORS, errors + " lines could not be followed");
    }
  }

  /// Rejects for good, because of an exception. Its message stays out of the text: nobody knows
  /// what it says.
  private void end(String who, RuntimeException thrown) {
    sendRejected();
    fail(
        FailureReason.EXCEPTION,
        who + " threw " + thrown.getClass().getName(),
        Optional.of(thrown));
  }

  private static String complaint(Command command) {
    return switch (command) {
      case Malformed(_, String problem) -> "Malformed: " + problem;
      case Unknown _ -> "Unknown command";
      default -> "Not a client's command";
    };
  }

  /// What this connection can use, the policy admits and the observer allows. An observer that
  /// throws allows nothing.
  private List<ServerMechanism> offered() {
    try {
      return mechanisms.stream()
          .filter(it -> it.isPossible(socket))
          .filter(it -> policy.observer().allowMechanism(it.name()))
          .toList();
    } catch (RuntimeException thrown) {
      observerFailure = Optional.of(thrown);
      return List.of();
    }
  }

  /// Describes a handshake of a server.
  public static final class Builder extends HandshakeBuilder<Builder> {
    private final Guid guid;
    private Credentials socket = Credentials.UNKNOWN;
    private Optional<SocketAddress> address = Optional.empty();
    private List<ServerMechanism> mechanisms =
        List.of(
            ServerMechanism.external(), ServerMechanism.cookieSha1(), ServerMechanism.anonymous());
    private AuthPolicy policy = AuthPolicy.sameUser();

    private Builder(Guid guid) {
      this.guid = guid;
    }

    /// What the platform says about the peer, read once when it connected (AUTH-33). Unknown by
    /// default.
    public Builder socket(Credentials credentials) {
      socket = credentials;
      return this;
    }

    /// Where the peer connects from, for the observer.
    public Builder address(SocketAddress peer) {
      address = Optional.of(peer);
      return this;
    }

    /// The mechanisms in the order of preference that clients are told (AUTH-10). By default
    /// EXTERNAL, DBUS_COOKIE_SHA1 with the usual keyring, and ANONYMOUS, of which the policy may
    /// leave out the last. What cannot work on the connection is left out as well.
    ///
    /// @throws IllegalArgumentException if there is none, a name occurs twice, or a name is not a
    ///   SASL mechanism's
    public Builder mechanisms(List<ServerMechanism> inOrder) {
      MechanismNames.checkServer(inOrder);
      mechanisms = List.copyOf(inOrder);
      return this;
    }

    /// Who is let in; [AuthPolicy#sameUser()] by default.
    public Builder policy(AuthPolicy who) {
      policy = who;
      return this;
    }

    /// A handshake that waits for its first byte.
    ///
    /// @throws IllegalStateException if the policy admits none of the mechanisms: all of them are
    ///   anonymous, and it does not allow that
    @Override
    public ServerHandshake build() {
      List<ServerMechanism> admitted =
          mechanisms.stream().filter(it -> !it.isAnonymous() || policy.allowsAnonymous()).toList();
      if (admitted.isEmpty()) {
        throw new IllegalStateException(
            "mechanisms: all are anonymous, which the policy does not allow;"
                + " say AuthPolicy.allowAnonymous() or offer another mechanism");
      }
      return new ServerHandshake(this, admitted);
    }

    @Override
    Builder self() {
      return this;
    }
  }
}
