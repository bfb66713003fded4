package dbus.auth;

import java.util.Optional;

/// A way for a client to prove who it is, seen from the server. One instance serves any number of
/// connections, on any threads; what belongs to one attempt lives in its [Exchange].
///
/// An implementation of one's own is offered by naming it in [ServerHandshake.Builder#mechanisms].
/// It must not touch the disk or the network before an exchange is started, and a peer must not be
/// able to make it throw: an exception ends the handshake as a refusal.
///
/// D-Bus Specification, "Authentication mechanisms".
public interface ServerMechanism {

  /// The name in `AUTH` and `REJECTED`: 1 to 20 of `A`-`Z`, `0`-`9`, `-` and `_`, as in RFC 4422.
  String name();

  /// Whether a client that succeeds remains anonymous. Such a mechanism is offered only where
  /// [AuthPolicy#allowAnonymous()] was said.
  default boolean isAnonymous() {
    return false;
  }

  /// Whether the mechanism can succeed on this connection. One that cannot is not offered
  /// (AUTH-11).
  ///
  /// @param socket what the platform says about the peer, [Credentials#UNKNOWN] where it says
  ///   nothing
  default boolean isPossible(Credentials socket) {
    return true;
  }

  /// Starts one attempt, for one `AUTH` line.
  ///
  /// @param socket what the platform says about the peer
  Exchange start(Credentials socket);

  /// EXTERNAL: the platform vouches for the client. See [Credentials].
  static ServerMechanism external() {
    return ExternalServer.INSTANCE;
  }

  /// DBUS_COOKIE_SHA1 with the usual keyring: the client can read a file of the server's own user.
  static ServerMechanism cookieSha1() {
    return cookieSha1(CookieKeyring.ofThisUser());
  }

  /// DBUS_COOKIE_SHA1 with this keyring. The files are touched when a client of the own user
  /// begins, on the thread that drives the handshake; where another process holds the keyring's
  /// lock, that may take up to 16 seconds.
  static ServerMechanism cookieSha1(CookieKeyring keyring) {
    return new CookieServer(keyring);
  }

  /// ANONYMOUS: anybody, and nobody in particular.
  static ServerMechanism anonymous() {
    return AnonymousServer.INSTANCE;
  }

  /// One attempt of one client. Used by one thread at a time, and forgotten when it was answered
  /// with [Accept] or [Reject], or when the client cancels.
  @FunctionalInterface
  interface Exchange {
    /// Answers what the client said.
    ///
    /// @param response empty only at the first call, if `AUTH` came without an initial response;
    ///   from then on the payload of a `DATA` line, which may have no bytes
    Step respond(Optional<Payload> response);
  }

  /// What a mechanism says to a response.
  sealed interface Step permits Challenge, Accept, Reject {}

  /// Go on: `DATA` with this payload.
  ///
  /// @param payload the challenge, which may have no bytes
  record Challenge(Payload payload) implements Step {}

  /// The client has proved who it is, or that it is nobody. Now the policy decides.
  ///
  /// @param identity who it is; empty if anonymous. One without a user counts as empty
  /// @param trace what the client said about itself, for logs only; safe to print and short
  record Accept(Optional<Credentials> identity, Optional<String> trace) implements Step {}

  /// The client has not proved it.
  ///
  /// @param reason one line for logs, without secrets; the client does not see it
  record Reject(String reason) implements Step {}
}
