package dbus.auth;

import dbus.auth.keyring.CookieContext;
import dbus.auth.keyring.CookieId;
import dbus.auth.keyring.Keyring;
import dbus.auth.keyring.KeyringException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// DBUS_COOKIE_SHA1 on the client: it shows that it can read the cookie whose number the server
/// tells (AUTH-36, AUTH-48).
///
/// The server chooses the name of the file, so that name is checked before it is one (SEC-30), and
/// what is read never leaves but within a digest.
///
/// D-Bus Specification, "DBUS_COOKIE_SHA1".
record CookieClient(CookieKeyring keyring) implements ClientMechanism {

  @Override
  public String name() {
    return "DBUS_COOKIE_SHA1";
  }

  @Override
  public Exchange start() {
    return new Exchange() {
      @Override
      public Step begin() {
        Optional<String> problem = keyring.problem();
        if (problem.isPresent()) {
          return new GiveUp("DBUS_COOKIE_SHA1: " + problem.get());
        }
        try {
          keyring.open().check();
        } catch (KeyringException e) {
          return new GiveUp("DBUS_COOKIE_SHA1: " + e.getMessage());
        }
        return new Continue(
            Optional.of(Payload.ofText(Long.toString(keyring.uid().orElseThrow()))));
      }

      @Override
      public Step answer(Payload challenge) {
        List<String> words = List.of(challenge.text().orElse("").split(" ", -1));
        if (words.size() != 3 || words.contains("")) {
          return new GiveUp("DBUS_COOKIE_SHA1: the challenge is not a context, an id and a text");
        }
        Optional<CookieContext> context = CookieContext.of(words.get(0));
        OptionalLong id = CookieId.parse(words.get(1));
        if (context.isEmpty() || id.isEmpty()) {
          return new GiveUp("DBUS_COOKIE_SHA1: the context or the id of the challenge is invalid");
        }
        return respond(context.get(), id.getAsLong(), words.get(2));
      }
    };
  }

  private Step respond(CookieContext context, long id, String challenge) {
    Optional<byte[]> secret;
    try {
      Keyring opened = keyring.open();
      secret = opened.secret(context, id);
    } catch (KeyringException e) {
      return new GiveUp("DBUS_COOKIE_SHA1: " + e.getMessage());
    }
    if (secret.isEmpty()) {
      return new GiveUp("DBUS_COOKIE_SHA1: the keyring has no such cookie");
    }
    String own = CookieDigest.newChallenge(CookieKeyring.random());
    byte[] digest = CookieDigest.of(challenge, own, secret.get());
    Arrays.fill(secret.get(), (byte) 0);
    return new Finish(
        Optional.of(Payload.ofText(own + " " + new String(digest, StandardCharsets.US_ASCII))));
  }
}
