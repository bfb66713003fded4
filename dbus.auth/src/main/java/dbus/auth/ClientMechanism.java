package dbus.auth;

import java.util.List;
import java.util.Optional;

/// A way for a client to prove who it is, seen from the client. One instance serves any number of
/// connections, on any threads; what belongs to one attempt lives in its [Exchange].
///
/// An implementation must not touch the disk or the network before [#start()]. What the server
/// sends is not to be trusted: nothing of it may become a file name unchecked (SEC-30).
///
/// D-Bus Specification, "Authentication mechanisms".
public interface ClientMechanism {

  /// The name in `AUTH` and `REJECTED`: 1 to 20 of `A`-`Z`, `0`-`9`, `-` and `_`, as in RFC 4422.
  String name();

  /// What tells this mechanism from others of the same name, for people: EXTERNAL can be tried with
  /// and without an identity, one after the other.
  ///
  /// @return the name, unless there are several kinds of it
  default String kind() {
    return name();
  }

  /// Starts one attempt.
  Exchange start();

  /// What a client tries if nobody says otherwise: EXTERNAL with identity, EXTERNAL without, and
  /// DBUS_COOKIE_SHA1 with the usual keyring (AUTH-60). ANONYMOUS is not among them: who wants to
  /// go without an identity names it, behind these.
  ///
  /// @return an unmodifiable list
  static List<ClientMechanism> usual() {
    return List.of(external(), externalWithoutIdentity(), cookieSha1());
  }

  /// EXTERNAL as the effective user of this process. Skipped where that user is unknown.
  static ClientMechanism external() {
    return new ExternalClient(Optional.of(Credentials::ofThisProcess));
  }

  /// EXTERNAL as this user, for a caller who knows it better than [Credentials#ofThisProcess()].
  /// The server believes it only if its platform says the same.
  ///
  /// @param user whose uid, or else SID, is sent; skipped if both are unknown
  static ClientMechanism external(Credentials user) {
    return new ExternalClient(Optional.of(() -> user));
  }

  /// EXTERNAL without saying who: the server is to believe what its platform says. For a server in
  /// another user namespace, where the own uid means nothing (AUTH-34). It takes one round trip
  /// more.
  static ClientMechanism externalWithoutIdentity() {
    return new ExternalClient(Optional.empty());
  }

  /// DBUS_COOKIE_SHA1 with the usual keyring: the client can read a file of the server's user.
  static ClientMechanism cookieSha1() {
    return cookieSha1(CookieKeyring.ofThisUser());
  }

  /// DBUS_COOKIE_SHA1 with this keyring, in the context that the server names. Files are read when
  /// the mechanism has its turn, and never written.
  static ClientMechanism cookieSha1(CookieKeyring keyring) {
    return new CookieClient(keyring);
  }

  /// ANONYMOUS, with the name of this library as the trace.
  static ClientMechanism anonymous() {
    return anonymous(AnonymousClient.DEFAULT_TRACE);
  }

  /// ANONYMOUS with a trace, a text for the logs of the server.
  ///
  /// @param trace 1 to 255 characters
  /// @throws IllegalArgumentException if it is empty or longer
  static ClientMechanism anonymous(String trace) {
    return new AnonymousClient(trace);
  }

  /// One attempt at one server. Used by one thread at a time.
  interface Exchange {
    /// What to say with `AUTH`. [GiveUp] means that the mechanism cannot be used here; the server
    /// then never hears of it.
    Step begin();

    /// Answers a challenge of the server. It is called only while a challenge is expected, that is
    /// after [Continue], and again after [GiveUp] if the server sends another challenge.
    Step answer(Payload challenge);
  }

  /// What a mechanism says at the beginning, or to a challenge.
  sealed interface Step permits Continue, Finish, GiveUp {}

  /// Send this and expect a challenge.
  ///
  /// @param response at the beginning empty for `AUTH` without a response; otherwise what goes into
  ///   `AUTH` or `DATA`
  record Continue(Optional<Payload> response) implements Step {}

  /// Send this and expect the verdict.
  ///
  /// @param response as in [Continue]
  record Finish(Optional<Payload> response) implements Step {}

  /// There is no answer. In an exchange `ERROR` is sent, upon which the server rejects and the next
  /// mechanism has its turn (AUTH-48).
  ///
  /// @param reason one line for the error that the user sees, without secrets
  record GiveUp(String reason) implements Step {}
}
