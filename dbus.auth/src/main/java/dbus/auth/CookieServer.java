package dbus.auth;

import dbus.auth.keyring.Keyring;
import dbus.auth.keyring.KeyringException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// DBUS_COOKIE_SHA1 on the server: the client proves that it can read a file that only the server's
/// own user can read (AUTH-36 to AUTH-38, AUTH-47).
///
/// Nobody but the own user is accepted, and no other user's files are ever looked at: those are
/// laid out by somebody else, with links to wherever they like (CVE-2019-12749).
///
/// D-Bus Specification, "DBUS_COOKIE_SHA1".
record CookieServer(CookieKeyring keyring) implements ServerMechanism {

  @Override
  public String name() {
    return "DBUS_COOKIE_SHA1";
  }

  @Override
  public boolean isPossible(Credentials socket) {
    return keyring.problem().isEmpty();
  }

  @Override
  public Exchange start(Credentials socket) {
    return new Exchange() {
      private Optional<Asked> asked = Optional.empty();

      @Override
      public Step respond(Optional<Payload> response) {
        try {
          if (asked.isPresent()) {
            return verdict(asked.get(), response.orElse(Payload.EMPTY), socket);
          }
          if (!response.flatMap(Payload::text).filter(keyring::isOwnUser).isPresent()) {
            return new Reject("DBUS_COOKIE_SHA1: the client is not of the server's user");
          }
          Asked now = ask();
          asked = Optional.of(now);
          return new Challenge(
              Payload.ofText(keyring.context() + " " + now.cookie() + " " + now.challenge()));
        } catch (KeyringException e) {
          return new Reject("DBUS_COOKIE_SHA1: " + e.getMessage());
        }
      }
    };
  }

  /// What the server remembers of its challenge: not the secret, which is read again.
  private record Asked(Keyring keyring, long cookie, String challenge) {}

  private Asked ask() throws KeyringException {
    Keyring opened = keyring.open();
    long cookie = opened.freshId(keyring.cookieContext());
    return new Asked(opened, cookie, CookieDigest.newChallenge(CookieKeyring.random()));
  }

  private Step verdict(Asked asked, Payload response, Credentials socket) throws KeyringException {
    List<String> words = List.of(response.text().orElse("").split(" ", -1));
    if (words.size() != 2 || words.contains("")) {
      return new Reject("DBUS_COOKIE_SHA1: the response is not a challenge and a digest");
    }
    Optional<byte[]> secret = asked.keyring().secret(keyring.cookieContext(), asked.cookie());
    if (secret.isEmpty()) {
      return new Reject("DBUS_COOKIE_SHA1: the cookie has expired");
    }
    byte[] expected = CookieDigest.of(asked.challenge(), words.get(0), secret.get());
    Arrays.fill(secret.get(), (byte) 0);
    boolean right = MessageDigest.isEqual(expected, words.get(1).getBytes(StandardCharsets.UTF_8));
    Arrays.fill(expected, (byte) 0);
    return right
        ? new Accept(Optional.of(identity(socket)), Optional.empty())
        : new Reject("DBUS_COOKIE_SHA1: the digest is wrong");
  }

  /// The user that was proved. Group and process are told by the socket, if it is of the same user.
  private Credentials identity(Credentials socket) {
    Credentials user = Credentials.ofUid(keyring.uid().orElseThrow());
    return user.isSameUser(socket) ? socket : user;
  }
}
