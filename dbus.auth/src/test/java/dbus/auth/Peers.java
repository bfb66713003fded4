package dbus.auth;

import dbus.address.Guid;
import java.util.List;

/// The servers, clients and mechanisms that the tests use.
final class Peers {
  static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");
  static final String OK = "OK 0123456789abcdef0123456789abcdef";
  static final Credentials USER_1000 = Credentials.ofSocket(1000, 100, 4242);
  static final AuthPolicy SAME_USER = AuthPolicy.sameUserAs(Credentials.ofUid(1000));

  private Peers() {}

  /// A server of user 1000 on a unix socket, whose peer is user 1000. It has the mechanisms that
  /// need no keyring.
  static ServerHandshake.Builder server() {
    return serverWithDefaults()
        .mechanisms(List.of(ServerMechanism.external(), ServerMechanism.anonymous()));
  }

  /// The same, with the mechanisms that a server has by default.
  static ServerHandshake.Builder serverWithDefaults() {
    return ServerHandshake.builder(GUID).socket(USER_1000).policy(SAME_USER).unixFds(true);
  }

  /// The same, which offers EXTERNAL, STEPS and ANONYMOUS.
  static ServerHandshake.Builder serverOfAll() {
    return server()
        .policy(SAME_USER.allowAnonymous())
        .mechanisms(
            List.of(ServerMechanism.external(), new ServerSteps(), ServerMechanism.anonymous()));
  }

  /// A handshake that has had its NUL.
  static ServerHandshake greeted(ServerHandshake.Builder builder) {
    ServerHandshake handshake = builder.build();
    Talk.say(handshake, Talk.NUL);
    return handshake;
  }

  static ClientMechanism external() {
    return ClientMechanism.external(USER_1000);
  }
}
