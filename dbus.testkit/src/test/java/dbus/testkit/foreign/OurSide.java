package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.CookieKeyring;
import dbus.auth.Credentials;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Servers and clients of this library, as the tests with programs of others need them.
///
/// @param keyrings the directory of the cookies, as those programs are told it
record OurSide(Path keyrings) {
  static final Credentials SELF = Credentials.ofThisProcess();

  /// A server that offers one mechanism. Of the socket it knows no more than that needs.
  ServerHandshake server(String mechanism, String context) {
    return ServerHandshake.builder(Guid.random())
        .socket(mechanism.equals("EXTERNAL") ? SELF : Credentials.UNKNOWN)
        .mechanisms(
            List.of(
                switch (mechanism) {
                  case "EXTERNAL" -> ServerMechanism.external();
                  case "ANONYMOUS" -> ServerMechanism.anonymous();
                  default ->
                      ServerMechanism.cookieSha1(CookieKeyring.at(keyrings).withContext(context));
                }))
        .policy(
            mechanism.equals("ANONYMOUS")
                ? AuthPolicy.sameUser().allowAnonymous()
                : AuthPolicy.sameUser())
        .unixFds(true)
        .build();
  }

  /// A client that tries these mechanisms. The context of a cookie is told by the server.
  ClientHandshake.Builder client(String... mechanisms) {
    return ClientHandshake.builder()
        .mechanisms(Arrays.stream(mechanisms).map(this::mechanism).toList())
        .unixFds(true);
  }

  ClientMechanism mechanism(String name) {
    return switch (name) {
      case "EXTERNAL" -> ClientMechanism.external();
      case "ANONYMOUS" -> ClientMechanism.anonymous();
      default -> ClientMechanism.cookieSha1(CookieKeyring.at(keyrings));
    };
  }

  static Authenticated assertLetIn(String mechanism, HandshakeStatus status) {
    Authenticated done = assertInstanceOf(Authenticated.class, status, status::toString);
    assertEquals(mechanism, done.mechanism());
    return done;
  }

  /// Asserts that our server knows who it let in: this user, or nobody.
  static Authenticated assertKnown(String mechanism, HandshakeStatus status) {
    Authenticated done = assertLetIn(mechanism, status);
    assertEquals(
        mechanism.equals("ANONYMOUS")
            ? Optional.<Long>empty()
            : Optional.of(SELF.uid().getAsLong()),
        done.identity().map(it -> it.uid().orElseThrow()));
    return done;
  }
}
